import type { Application, Tier } from '../application.ts';
import type { Capacity, SizeLimit } from '../capacity.ts';
import type { Direction } from '../decision.ts';
import type { TargetState } from '../ledger-entry.ts';
import type { Policy } from '../policy.ts';
import { UNIT_NAMES } from '../target.ts';
import type { Instant } from '../time.ts';
import type { PlanStep } from './plan-record.ts';

/** What is known of one tier of an application. */
export interface TierView {
  readonly tier: Tier;
  readonly policy: Policy;
  readonly seen:
    | { readonly kind: 'present'; readonly capacity: Capacity; readonly limits: readonly SizeLimit[] }
    | { readonly kind: 'unseen'; readonly detail: string };
  /** Null for a tier that the ledger has never seen. */
  readonly state: TargetState | null;
  /** When the last whole run of its warm plan ended. */
  readonly warmedAt: Instant | null;
  /** Steps that were stored for it and are not in its own head yet. */
  readonly steps: readonly PlanStep[];
}

/** What is known of all tiers of an application. */
export interface ApplicationView {
  readonly application: Application;
  /** In the order of the document. */
  readonly tiers: readonly TierView[];
  readonly now: Instant;
}

/** The tier of a name. The document was checked: every name that it mentions is there. */
export function tierOf({ tiers, application }: ApplicationView, name: string): TierView {
  const found = tiers.find(({ tier }) => tier.name === name);
  if (found === undefined) throw new RangeError(`Application ${application.name} has no tier ${name}.`);
  return found;
}

/** A change of size that is stored, in flight or about to be. */
type Move = Pick<PlanStep, 'from' | 'to' | 'cause'>;

/** Every change of size of a tier that is under way. */
export const movesOf = ({ state, steps }: TierView): readonly Move[] => [
  ...(state === null || state.resize === null ? [] : [state.resize]),
  ...steps,
];

/** What a tier is being brought to; null where nobody knows its size. */
export function goalOf({ seen, state }: TierView): number | null {
  if (state !== null && state.resize !== null) return state.resize.to;
  return seen.kind === 'present' ? seen.capacity.desired : (state?.size ?? null);
}

/** Whether a change of a tier's size in a direction is under way. */
export const isMoving = (view: TierView, direction: Direction): boolean =>
  movesOf(view).some(({ from, to }) => (direction === 'out' ? to > from : to < from));

/** A number of units of a tier, in words: `3 replicas`. */
export const units = ({ policy }: TierView, count: number): string => `${count} ${unitOf(policy, count)}`;

/** What one or several units of a policy's target are called. */
export const unitOf = ({ target }: Policy, count: number): string =>
  UNIT_NAMES[target.kind][count === 1 ? 'one' : 'many'];
