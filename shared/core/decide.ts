import type { Snapshot } from './capacity.ts';
import type { Decision, HoldReason, ProposalStep, ResizeCause, Step } from './decision.ts';
import { absoluteBounds, type BoundBy, type EffectiveBounds, effectiveBounds } from './effective-bounds.ts';
import { type Guard, type GuardContext, type GuardVerdict, PASS } from './guards/guard.ts';
import { GUARDS } from './guards/order.ts';
import { isStoppedAtZero } from './hpa/zero.ts';
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
interface Wanted {
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
interface Scene {
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  readonly state: TargetState;
  readonly size: number;
  readonly bounds: EffectiveBounds;
  readonly now: Instant;
}

/**
 * Decides what to do about one target: strategies propose, the proposals merge, guards amend or hold.
 * Pure: the same five arguments give the same decision, and the trace carries every number behind it.
 */
export function decide(
  policy: Policy,
  snapshot: Snapshot,
  state: TargetState,
  signal: Signal,
  now: Instant,
): Decision {
  const size = state.resize?.to ?? snapshot.capacity.desired;
  const byHand = signal.kind === 'manual' || activePin(state, now) !== null;
  // An operator's size stands above schedules, floors and ceilings; the policy's own bounds stand above everybody.
  const bounds = byHand
    ? absoluteBounds(policy, state, now)
    : effectiveBounds(policy, snapshot.schedule, state, now);
  const scene = { policy, snapshot, state, size, bounds, now };
  // An operator's floor lifts a zero that an operator left.
  if (!byHand && bounds.minBy !== 'override' && isStoppedAtZero(policy, state, size, bounds.min)) {
    return stoppedAtZero();
  }
  const wanted = want(scene, signal);
  if (wanted.wish === null) {
    return { kind: 'hold', reason: 'blind', size, wish: null, until: null, trace: wanted.steps };
  }
  const { cause, blind, proposals } = wanted;
  return runGuards({ ...scene, cause, blind, proposals }, wanted, wanted.wish);
}

function want(scene: Scene, signal: Signal): Wanted {
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

function stoppedAtZero(): Decision {
  const reason = 'stopped-at-zero';
  const detail =
    'The size is zero and automation did not set it: a HorizontalPodAutoscaler leaves it there until somebody scales out by hand.';
  const stays = { from: 0, to: 0, until: null };
  return {
    kind: 'hold',
    reason,
    size: 0,
    wish: null,
    until: null,
    trace: [{ step: 'guard', guard: 'stopped-at-zero', effect: 'hold', reason, ...stays, detail }],
  };
}

const CAUSE_OF: Readonly<Record<BoundBy, ResizeCause>> = {
  policy: 'bounds',
  schedule: 'schedule',
  override: 'override',
};

function setBy({ policy, snapshot }: Scene, by: BoundBy, bound: 'minFrom' | 'maxFrom'): string {
  if (by === 'policy') return '';
  if (by === 'override') return ' that an operator set';
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
  const { policy, state, size, bounds } = scene;
  const proposals = proposalsOf(policy, { ...scene, min: bounds.min });
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

type Limit = Exclude<GuardVerdict, { effect: 'pass' }>;

/** A wish after the guards: the last one that changed or stopped it, and what each said. */
interface Guarded {
  readonly to: number;
  readonly limit: Limit | null;
  readonly steps: readonly Step[];
}

function runGuards(context: GuardContext, wanted: Wanted, wish: number): Decision {
  const { size, cause } = context;
  const { to, limit, steps } = GUARDS.reduce<Guarded>((guarded, guard) => meet(guarded, guard, context), {
    to: wish,
    limit: null,
    steps: [],
  });
  const reason = limit?.reason ?? null;
  const base = { wish: wanted.recommended ?? wish, trace: [...wanted.steps, ...steps] };
  if (to === size || limit?.effect === 'hold') {
    return { kind: 'hold', size, reason: reason ?? wanted.content, until: limit?.until ?? null, ...base };
  }
  assertInside(context, to, reason);
  return {
    kind: 'resize',
    from: size,
    to,
    direction: to > size ? 'out' : 'in',
    cause,
    limitedBy: reason,
    ...base,
  };
}

/** One guard looks at the wish that the guards before it left. After a hold nobody is asked. */
function meet(guarded: Guarded, guard: Guard, context: GuardContext): Guarded {
  const { to, limit, steps } = guarded;
  const asked =
    limit?.effect !== 'hold' &&
    guard.judges.includes(context.cause) &&
    (to !== context.size || guard.alsoWhenContent === true);
  const verdict = asked ? guard.check(context, to) : PASS;
  if (verdict.effect === 'pass') return guarded;
  const { effect, reason, until, detail } = verdict;
  const next = verdict.effect === 'amend' ? verdict.to : to;
  const step: Step = { step: 'guard', guard: guard.name, effect, reason, from: to, to: next, until, detail };
  return { to: next, limit: verdict, steps: [...steps, step] };
}

/** A correction that a limit over all targets cut ends on its way into the bounds; everything else ends inside. */
const CUTS: readonly (HoldReason | null)[] = ['change-budget', 'quota'];

function assertInside({ policy, bounds, size }: GuardContext, to: number, limit: HoldReason | null): void {
  const way = CUTS.includes(limit) ? [size] : [];
  const min = Math.min(bounds.min, ...way);
  const max = Math.max(bounds.max, ...way);
  if (Number.isInteger(to) && to >= min && to <= max) return;
  throw new RangeError(
    `The decision for policy ${policy.name} left its bounds: ${to} is not a whole number in ${min}..${max}; last limited by: ${limit ?? 'nothing'}.`,
  );
}
