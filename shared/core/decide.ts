import type { Snapshot } from './capacity.ts';
import type { Decision, HoldReason, Step } from './decision.ts';
import { absoluteBounds, effectiveBounds } from './effective-bounds.ts';
import { type Guard, type GuardContext, type GuardVerdict, PASS } from './guards/guard.ts';
import { GUARDS } from './guards/order.ts';
import { isStoppedAtZero } from './hpa/zero.ts';
import type { TargetState } from './ledger-entry.ts';
import { activePin } from './overrides.ts';
import type { Policy } from './policy.ts';
import type { Signal } from './signal.ts';
import type { Instant } from './time.ts';
import { type Wanted, want } from './wanted.ts';

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
  const bounds = byHand ? absoluteBounds(policy, state, now) : effectiveBounds(policy, snapshot, state, now);
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
  const context = { policy, snapshot, state, size, bounds, now, cause, blind, proposals };
  return runGuards(context, wanted, wanted.wish);
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

/** A correction that a limit of the target, its application or all targets cut ends on its way into the bounds; all else ends inside. */
const CUTS: readonly (HoldReason | null)[] = [
  'change-budget',
  'quota',
  'resource-limit',
  'resource-busy',
  'connection-budget',
  'tier-order',
  'plan-stopped',
];

function assertInside({ policy, bounds, size }: GuardContext, to: number, limit: HoldReason | null): void {
  const way = CUTS.includes(limit) ? [size] : [];
  const min = Math.min(bounds.min, ...way);
  const max = Math.max(bounds.max, ...way);
  if (Number.isInteger(to) && to >= min && to <= max) return;
  throw new RangeError(
    `The decision for policy ${policy.name} left its bounds: ${to} is not a whole number in ${min}..${max}; last limited by: ${limit ?? 'nothing'}.`,
  );
}
