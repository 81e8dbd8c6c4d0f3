import type { Snapshot } from './capacity.ts';
import type { HoldReason, ProposalStep, ResizeCause, Step } from './decision.ts';
import type { BoundBy, EffectiveBounds } from './effective-bounds.ts';
import type { TargetState } from './ledger-entry.ts';
import { scheduledBounds } from './open-windows.ts';
import { activePin } from './overrides.ts';
import type { Fallback, Policy } from './policy.ts';
import type { Signal } from './signal.ts';
import { mergeProposals } from './strategies/merge.ts';
import { type Proposal, stepsOf } from './strategies/proposal.ts';
import { proposalsOf } from './strategies/propose.ts';
import type { Instant } from './time.ts';

/** A size that somebody wants, before any guard. `wish: null` = nobody can say. */
export interface Wanted {
  readonly cause: ResizeCause;
  readonly wish: number | null;
  /** The wish of the strategies, where they were asked. */
  readonly recommended: number | null;
  readonly blind: readonly string[];
  readonly steps: readonly Step[];
  /** What the strategies proposed, the winner first. */
  readonly proposals: readonly ProposalStep[];
  /** What to call it when the wish is the size. */
  readonly content: HoldReason;
}

/** What everything before the guards looks at. */
export interface Scene {
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  readonly state: TargetState;
  readonly size: number;
  readonly bounds: EffectiveBounds;
  readonly now: Instant;
}

/** Who wants which size: an operator, the bounds in force, or else the strategies. */
export function want(scene: Scene, signal: Signal): Wanted {
  const { state, size, now } = scene;
  if (signal.kind === 'manual') {
    return request('manual', signal.size, `${signal.owner} asks for ${signal.size}: ${signal.reason}.`);
  }
  const pin = activePin(state, now);
  if (pin !== null && pin.size !== size) {
    return request('pin', pin.size, `${pin.owner} pinned the size to ${pin.size}, and it is ${size}.`);
  }
  return corrected(scene) ?? ask(scene);
}

const CAUSE_OF: Readonly<Record<BoundBy, ResizeCause>> = {
  policy: 'bounds',
  schedule: 'schedule',
  override: 'override',
  plan: 'plan',
};

function setBy({ policy, snapshot }: Scene, by: BoundBy, bound: 'minFrom' | 'maxFrom'): string {
  const { floor } = snapshot;
  if (by === 'policy') return '';
  if (by === 'override') return ' that an operator set';
  if (floor !== undefined && by === 'plan') return ` that the plan needs (${floor.detail})`;
  return ` of window ${scheduledBounds(policy.bounds, policy.schedule, snapshot.schedule)[bound]}`;
}

/** A size outside the bounds in force is corrected at once, whatever the metrics say. */
function corrected(scene: Scene): Wanted | null {
  const { size, bounds } = scene;
  const { min, max } = bounds;
  // Outside the policy's own bounds it is a matter of safety, whoever narrowed them further.
  const minBy = size < scene.policy.bounds.min ? 'policy' : bounds.minBy;
  const maxBy = size > scene.policy.bounds.max ? 'policy' : bounds.maxBy;
  if (size < min) {
    // Coming back from its own zero a HorizontalPodAutoscaler asks its metrics first; the minimum is the least it takes.
    const asked = size === 0 && scene.policy.atZero === 'kubernetes' ? ask(scene) : null;
    if (asked !== null && asked.wish !== null) return asked;
    const whose = setBy(scene, minBy, 'minFrom');
    return request(CAUSE_OF[minBy], min, `The size ${size} is below the minimum of ${min}${whose}.`);
  }
  if (size > max) {
    const whose = setBy(scene, maxBy, 'maxFrom');
    return request(CAUSE_OF[maxBy], max, `The size ${size} is above the maximum of ${max}${whose}.`);
  }
  return null;
}

const request = (cause: ResizeCause, wish: number, detail: string): Wanted => ({
  cause,
  wish,
  recommended: null,
  blind: [],
  steps: [{ step: 'request', wish, cause, detail }],
  proposals: [],
  content: 'at-desired',
});

function ask(scene: Scene): Wanted {
  const { policy, snapshot, state, size, bounds, now } = scene;
  const proposals = proposalsOf(policy, { snapshot, state, size, min: bounds.min, now });
  // A policy of schedules alone, outside all of its windows.
  if (proposals.length === 0) {
    return request('policy', bounds.min, `No window wants a size now, so the minimum of ${bounds.min}.`);
  }
  const merged = mergeProposals(proposals, size);
  const steps: Step[] = [...proposals.flatMap(stepsOf), { step: 'merge', ...merged }];
  const { fallback } = policy;
  const isDue = fallback !== null && seesNothing(proposals) && state.misses + 1 >= fallback.afterMisses;
  // An open window that wants as much or more is the better word.
  if (isDue && (merged.wish ?? -1) < fallbackSize(fallback, size)) {
    const wanted = request('fallback', fallbackSize(fallback, size), fallbackDetail(fallback, size));
    return { ...wanted, blind: merged.blind, steps: [...steps, ...wanted.steps], content: 'blind' };
  }
  const ordered = winnerFirst(proposals, merged.from);
  return {
    cause: 'policy',
    wish: merged.wish,
    recommended: merged.wish,
    blind: merged.blind,
    steps,
    proposals: ordered,
    content: contentWith(ordered[0], size === bounds.min),
  };
}

// The size that an open window wants is no sight of the load.
const seesNothing = (proposals: readonly Proposal[]): boolean =>
  proposals.some(({ kind }) => kind === 'blind') &&
  proposals.every((proposal) => proposal.kind === 'blind' || proposal.step.strategy === 'schedule');

function winnerFirst(proposals: readonly Proposal[], from: string | null): readonly ProposalStep[] {
  const steps = proposals.flatMap((proposal) => (proposal.kind === 'blind' ? [] : [proposal.step]));
  if (steps.length < 2) return steps;
  return [...steps.filter(({ metric }) => metric === from), ...steps.filter(({ metric }) => metric !== from)];
}

function fallbackSize({ mode, size }: Fallback, current: number): number {
  switch (mode) {
    case 'static':
      return size;
    case 'current':
      return current;
    case 'higher':
      return Math.max(size, current);
    case 'lower':
      return Math.min(size, current);
  }
}

const FALLBACK_WORDS: Readonly<Record<Fallback['mode'], string>> = {
  static: '',
  current: 'the current size of ',
  higher: 'the higher of current and declared, ',
  lower: 'the lower of current and declared, ',
};

const fallbackDetail = (fallback: Fallback, current: number): string =>
  `No metric for ${fallback.afterMisses} evaluations or more, so the declared fallback of ${FALLBACK_WORDS[fallback.mode]}${fallbackSize(fallback, current)} applies.`;

function contentWith(winner: ProposalStep | undefined, atMinimum: boolean): HoldReason {
  // A window wants a size and knows no tolerance.
  if (winner?.verdict === 'within-tolerance' && winner.strategy !== 'schedule') return 'within-tolerance';
  return winner?.verdict === 'below' && atMinimum ? 'at-minimum' : 'at-desired';
}
