import type { Decision, Step } from '../../../shared/core/decision.ts';
import type { Policy } from '../../../shared/core/policy.ts';

/** What limited a size, in the words of a vector. */
export type LimitedBy =
  | 'none'
  | 'min'
  | 'max'
  | 'scaleUpRate'
  | 'scaleDownRate'
  | 'stabilizationUp'
  | 'stabilizationDown';

/** What limited a decision: a limit wins over the history when both applied. */
export const limitedBy = (decision: Decision, policy: Policy): LimitedBy =>
  limit(decision, policy) ?? stabilized(decision) ?? 'none';

type Amend = Extract<Step, { step: 'guard' }>;

const guardsOf = ({ trace }: Decision): readonly Amend[] =>
  trace.flatMap((step) => (step.step === 'guard' ? [step] : []));

type Limit = Exclude<LimitedBy, 'none' | 'stabilizationUp' | 'stabilizationDown'>;

/** The bound or the rate that limited a decision; null = it was within its range. */
export function limit(decision: Decision, { bounds }: Policy): Limit | null {
  if (decision.kind === 'resize' && decision.cause === 'bounds') {
    return decision.to < decision.from ? 'max' : 'min';
  }
  const last = guardsOf(decision).findLast(({ guard }) => guard === 'rate' || guard === 'bounds');
  return last === undefined ? null : limitOf(last, bounds);
}

/** A limit lowers a wish to grow and raises a wish to shrink. Equal limits are reported as the bound. */
function limitOf({ guard, from, to }: Amend, { min, max }: Policy['bounds']): Limit {
  if (to < from) return guard === 'bounds' || to === max ? 'max' : 'scaleUpRate';
  return guard === 'bounds' || to === min ? 'min' : 'scaleDownRate';
}

/** The history that kept a decision from its wish, or null. */
export function stabilized(decision: Decision): 'stabilizationUp' | 'stabilizationDown' | null {
  const step = guardsOf(decision).find(({ guard }) => guard === 'stabilization');
  if (step === undefined) return null;
  return step.reason === 'stabilizing-out' ? 'stabilizationUp' : 'stabilizationDown';
}
