import type { Resize, TargetState } from './ledger-entry.ts';
import type { Instant } from './time.ts';

/**
 * The units that a datapoint speaks of: those that served in the middle of its period. A metric arrives a minute or two
 * late; multiplied by the units of now, the last datapoint from before a scale-out would ask for the same units again.
 * While units came or went, their number is taken to have changed evenly, rounded up.
 */
export function unitsThen(
  state: TargetState,
  ready: number,
  datapoint: { readonly at: Instant; readonly periodSeconds: number },
  now: Instant,
): number {
  const middle = datapoint.at + datapoint.periodSeconds * 500;
  const change = changesOf(state, ready, now).find(({ until }) => middle < until);
  if (change === undefined) return ready;
  const { since, until, from, to } = change;
  const share = Math.max(0, (middle - since) / (until - since));
  return Math.ceil(from + (to - from) * share);
}

/** When the units began to change: when the call was accepted, or at the earliest when it was meant to be made. */
export const beganAt = ({ acceptedAt, startedAt }: Resize): Instant => acceptedAt ?? startedAt;

/** The last change that ended, and the one under way, oldest first. */
function changesOf({ changed, resize }: TargetState, ready: number, now: Instant) {
  const underWay =
    resize === null ? [] : [{ since: beganAt(resize), until: now, from: resize.ready, to: ready }];
  return [...(changed === null ? [] : [changed]), ...underWay];
}
