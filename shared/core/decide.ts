import type { Snapshot } from './capacity.ts';
import type { Decision, HoldReason, ResizeCause, Step } from './decision.ts';
import { type Guard, type GuardContext, type GuardVerdict, PASS } from './guards/guard.ts';
import { GUARDS } from './guards/order.ts';
import type { TargetState } from './ledger-entry.ts';
import { activePin } from './overrides.ts';
import type { Policy } from './policy.ts';
import type { Signal } from './signal.ts';
import { mergeProposals } from './strategies/merge.ts';
import { proposalOf } from './strategies/propose.ts';
import type { Instant } from './time.ts';

/** A size that somebody wants, before any guard. `wish: null` = nobody can say. */
interface Wanted {
  readonly cause: ResizeCause;
  readonly wish: number | null;
  /** The wish of the strategies, where they were asked. */
  readonly recommended: number | null;
  readonly blind: readonly string[];
  readonly steps: readonly Step[];
  /** What to call it when the wish is the size. */
  readonly content: HoldReason;
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
  const wanted = want(policy, snapshot, state, signal, size, now);
  if (wanted.wish === null) {
    return { kind: 'hold', reason: 'blind', size, wish: null, until: null, trace: wanted.steps };
  }
  const context = { policy, snapshot, state, size, cause: wanted.cause, blind: wanted.blind, now };
  return runGuards(context, wanted, wanted.wish);
}

function want(
  policy: Policy,
  snapshot: Snapshot,
  state: TargetState,
  signal: Signal,
  size: number,
  now: Instant,
): Wanted {
  if (signal.kind === 'manual') {
    return request('manual', signal.size, `${signal.owner} asks for ${signal.size}: ${signal.reason}.`);
  }
  const pin = activePin(state, now);
  if (pin !== null && pin.size !== size) {
    return request('pin', pin.size, `${pin.owner} pinned the size to ${pin.size}, and it is ${size}.`);
  }
  const { min, max } = policy.bounds;
  if (size < min) return request('bounds', min, `The size ${size} is below the minimum of ${min}.`);
  if (size > max) return request('bounds', max, `The size ${size} is above the maximum of ${max}.`);
  return ask(policy, snapshot, state, size, now);
}

const request = (cause: ResizeCause, wish: number, detail: string): Wanted => ({
  cause,
  wish,
  recommended: null,
  blind: [],
  steps: [{ step: 'request', wish, cause, detail }],
  content: 'at-desired',
});

function ask(policy: Policy, snapshot: Snapshot, state: TargetState, size: number, now: Instant): Wanted {
  const proposals = policy.strategies.map((strategy) => proposalOf(strategy, { snapshot, state, size, now }));
  const merged = mergeProposals(proposals);
  const steps: Step[] = [...proposals.map(({ step }) => step), { step: 'merge', ...merged }];
  const { fallback } = policy;
  if (merged.wish === null && fallback !== null && state.misses + 1 >= fallback.afterMisses) {
    const wanted = request(
      'fallback',
      fallback.size,
      `No metric for ${fallback.afterMisses} evaluations or more, so the declared fallback of ${fallback.size} applies.`,
    );
    return { ...wanted, blind: merged.blind, steps: [...steps, ...wanted.steps], content: 'blind' };
  }
  const winner = proposals.find(({ from }) => from === merged.from)?.step;
  return {
    cause: 'policy',
    wish: merged.wish,
    recommended: merged.wish,
    blind: merged.blind,
    steps,
    content: contentWith(winner, size === policy.bounds.min),
  };
}

function contentWith(winner: Step | undefined, atMinimum: boolean): HoldReason {
  const verdict = winner?.step === 'proposal' ? winner.verdict : null;
  if (verdict === 'within-tolerance') return 'within-tolerance';
  return verdict === 'below' && atMinimum ? 'at-minimum' : 'at-desired';
}

type Limit = Exclude<GuardVerdict, { effect: 'pass' }>;

/** A wish after the guards: the last one that changed or stopped it, and what each said. */
interface Guarded {
  readonly to: number;
  readonly limit: Limit | null;
  readonly steps: readonly Step[];
}

function runGuards(context: GuardContext, wanted: Wanted, wish: number): Decision {
  const { size, cause, policy } = context;
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
  assertInside(policy, to, reason);
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

function assertInside(policy: Policy, to: number, lastLimit: HoldReason | null): void {
  const { min, max } = policy.bounds;
  if (Number.isInteger(to) && to >= min && to <= max) return;
  throw new RangeError(
    `The decision for policy ${policy.name} left its bounds: ${to} is not a whole number in ${min}..${max}; last limited by: ${lastLimit ?? 'nothing'}.`,
  );
}
