import { BLANK_STATE } from './blank-state.ts';
import type { Direction, ResizeCause } from './decision.ts';
import { longestPeriod, recordChange } from './hpa/rate.ts';
import type { Override, Resize, TargetState } from './ledger-entry.ts';
import type { Behavior, Policy } from './policy.ts';
import { type Instant, plusSeconds } from './time.ts';
import { beganAt } from './units-then.ts';

/** Where a target stands: idle → resizing → cooling → idle. `cooling` is a matter of time, so it is derived, never stored. */
export type Phase = 'idle' | 'resizing' | 'cooling';

/** A move that the state machine does not have: a bug of the caller, never a condition of the world. */
export class IllegalTransition extends Error {
  constructor(move: string, state: TargetState) {
    super(
      `Cannot ${move}: ${state.resize === null ? 'no resize is in flight' : `resize ${state.resize.id} is in flight`}.`,
    );
    this.name = 'IllegalTransition';
  }
}

/** The phase of a target at a time. */
export function phaseOf(state: TargetState, policy: Policy, now: Instant): Phase {
  if (state.resize !== null) return 'resizing';
  const { out, in: inward } = policy.cooldownSeconds;
  const coolsUntil = [
    state.lastOut === null ? 0 : plusSeconds(state.lastOut.at, Math.max(out, inward)),
    state.lastIn === null ? 0 : plusSeconds(state.lastIn.at, inward),
  ];
  return now < Math.max(...coolsUntil) ? 'cooling' : 'idle';
}

/**
 * The memory of a target seen for the first time. With stabilization windows its history starts with the current size,
 * as autoscaling/v2 does after a restart: no scale-in before a whole window has been seen.
 */
export function firstSight(policy: Policy, size: number, now: Instant): TargetState {
  const recommendations = keepsHistory(policy.behavior) ? [{ wish: size, since: now }] : [];
  return { ...BLANK_STATE, size, recommendations };
}

/** Whether a behavior looks back at earlier wishes. */
export const keepsHistory = (behavior: Behavior): boolean => behavior.kind !== 'none';

/** Stores the intent to resize. A larger scale-out may take the place of one in flight; nothing else may. */
export function begin(state: TargetState, resize: Resize): TargetState {
  const { resize: running } = state;
  const raises = running !== null && running.to > running.from && resize.to > running.to;
  if (running !== null && !raises) throw new IllegalTransition(`begin resize ${resize.id}`, state);
  const base = raises ? (running.base ?? running.from) : undefined;
  return { ...state, resize: withBase(resize, base), held: null };
}

const withBase = (resize: Resize, base: number | undefined): Resize =>
  base === undefined ? resize : { ...resize, base };

/**
 * The resource accepted the size of the resize in flight. Automation's own changes enter the rate history here, as in
 * autoscaling/v2, so that a larger scale-out that takes its place before the end is limited by both.
 */
export function accept(state: TargetState, resizeId: string, policy: Policy, now: Instant): TargetState {
  const resize = inFlight(state, resizeId, 'accept');
  if (resize.acceptedAt !== null) return state;
  return {
    ...state,
    resize: { ...withBase(resize, baseInCooldown(state, resize, policy)), acceptedAt: now },
    size: resize.to,
    scaledToZero: resize.to === 0 && byAutomation(resize.cause),
    scaleEvents: byAutomation(resize.cause) ? withChange(state, resize, policy) : state.scaleEvents,
  };
}

/** A larger scale-out within the cooldown of another one adds to it: both count from the size before the first. */
function baseInCooldown({ lastOut }: TargetState, resize: Resize, policy: Policy): number | undefined {
  if (lastOut === null || directionOf(resize) !== 'out' || resize.to <= lastOut.to) return undefined;
  return resize.startedAt < plusSeconds(lastOut.at, policy.cooldownSeconds.out) ? lastOut.from : undefined;
}

/** The resize in flight came to its end: cooldowns start. */
export function complete(state: TargetState, resizeId: string, now: Instant): TargetState {
  const resize = inFlight(state, resizeId, 'complete');
  const direction = directionOf(resize);
  const last = { at: now, from: resize.base ?? resize.from, to: resize.to };
  return {
    ...state,
    resize: null,
    size: resize.to,
    failures: null,
    lastOut: direction === 'out' ? last : state.lastOut,
    lastIn: direction === 'in' ? last : state.lastIn,
    changed: { since: beganAt(resize), until: now, from: resize.ready, to: resize.to },
    wakeAt: wakeNow(state, now),
    quietSince: null,
  };
}

/** The resize in flight failed: the size is whatever the resource has, and the next attempt waits. */
export function fail(
  state: TargetState,
  resizeId: string,
  size: number | null,
  now: Instant,
  why?: string,
): TargetState {
  const direction = directionOf(inFlight(state, resizeId, 'fail'));
  const before = state.failures?.direction === direction ? state.failures.count : 0;
  return {
    ...state,
    resize: null,
    size,
    failures: { count: before + 1, at: now, direction, ...(why === undefined ? {} : { why }) },
    wakeAt: wakeNow(state, now),
    quietSince: null,
  };
}

/** Puts an operator's word in force, in place of an earlier one of its kind. */
export const override = (state: TargetState, given: Override): TargetState => ({
  ...state,
  overrides: [...state.overrides.filter(({ kind }) => kind !== given.kind), given],
});

/** Due from now on; a target that is due already keeps its place, and its item stays unwritten. */
export const wakeNow = (state: TargetState, now: Instant): Instant =>
  state.wakeAt !== null && state.wakeAt <= now ? state.wakeAt : now;

/** The direction of a resize. */
export const directionOf = ({ from, to }: Pick<Resize, 'from' | 'to'>): Direction =>
  to > from ? 'out' : 'in';

function inFlight(state: TargetState, resizeId: string, move: string): Resize {
  if (state.resize?.id !== resizeId) throw new IllegalTransition(`${move} resize ${resizeId}`, state);
  return state.resize;
}

const byAutomation = (cause: ResizeCause): boolean =>
  cause !== 'manual' && cause !== 'pin' && cause !== 'override';

// Rate policies count from the moment the size was asked for, as autoscaling/v2 does.
function withChange(state: TargetState, resize: Resize, policy: Policy) {
  const { behavior } = policy;
  if (behavior.kind !== 'rules') return [];
  const change = Math.abs(resize.to - resize.from);
  return recordChange(
    state.scaleEvents,
    { at: resize.startedAt, direction: directionOf(resize), change },
    Math.max(longestPeriod(behavior.scaleUp), longestPeriod(behavior.scaleDown)),
  );
}
