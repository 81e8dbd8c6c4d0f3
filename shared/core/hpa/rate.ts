import type { ScaleEvent } from '../ledger-entry.ts';
import type { RatePolicy, ScalingRules } from '../policy.ts';
import { type Instant, secondsBetween } from '../time.ts';

/** The change of size within `seconds` before now, both directions: grown is positive. Younger than the period counts (strictly). */
export function changeWithin(events: readonly ScaleEvent[], seconds: number, now: Instant): number {
  return events
    .filter(({ at }) => secondsBetween(at, now) < seconds)
    .reduce((sum, { direction, change }) => sum + (direction === 'out' ? change : -change), 0);
}

function limitOf(policy: RatePolicy, start: number, sign: 1 | -1): number {
  if (policy.type === 'Pods') return start + sign * policy.value;
  // In doubles and in this form, as upstream computes it: 100 + 10 % is 111.
  const scaled = start * (1 + (sign * policy.value) / 100);
  return sign === 1 ? Math.ceil(scaled) : Math.trunc(scaled);
}

/**
 * The furthest size that the rate policies of one direction allow now (`autoscaling/v2`).
 * The start of a period is the current size less what was added and plus what was removed within it, whatever the direction asked.
 * A limit never reverses: it is never on the other side of the current size.
 */
export function rateLimit(
  rules: ScalingRules,
  direction: 'out' | 'in',
  current: number,
  events: readonly ScaleEvent[],
  now: Instant,
): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const sign = direction === 'out' ? 1 : -1;
  const limits = rules.policies.map((policy) =>
    limitOf(policy, current - changeWithin(events, policy.periodSeconds, now), sign),
  );
  const widest = (rules.selectPolicy === 'Max') === (direction === 'out') ? Math.max : Math.min;
  const limit = widest(...limits);
  return direction === 'out' ? Math.max(limit, current) : Math.min(limit, current);
}

/** The limit of a HorizontalPodAutoscaler without a behavior block: at most double, or four from nothing. */
export const implicitScaleOutLimit = (current: number): number => Math.max(2 * current, 4);

/**
 * Adds a change of size to a log and drops what is older than the longest period. The new one takes the place of the last
 * that left, as in `autoscaling/v2`: a sum does not care.
 */
export function recordChange(
  events: readonly ScaleEvent[],
  event: ScaleEvent,
  keepSeconds: number,
): readonly ScaleEvent[] {
  const isOutdated = ({ at }: ScaleEvent) => secondsBetween(at, event.at) > keepSeconds;
  const slot = events.findLastIndex(isOutdated);
  if (slot === -1) return [...events, event];
  const replaced = events.map((each, index) => (index === slot ? event : each));
  return replaced.filter((each) => !isOutdated(each));
}

/** How long changes of size must be remembered for the rules of one direction, in seconds. */
export const longestPeriod = ({ policies }: ScalingRules): number =>
  Math.max(...policies.map(({ periodSeconds }) => periodSeconds));
