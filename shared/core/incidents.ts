import type { MetricReading, Snapshot } from './capacity.ts';
import type { Incident, TargetState } from './ledger-entry.ts';
import type { IncidentGuard, Policy } from './policy.ts';
import { type Instant, instant, plusSeconds } from './time.ts';

/** What tells an outage from a quiet hour: the numbers of now against those of before. */
export interface IncidentSign {
  readonly load: number;
  /** The median of the load's earlier datapoints. */
  readonly usual: number;
  readonly errors: number;
}

const valued = (reading: MetricReading | undefined) => (reading?.kind === 'value' ? reading : null);

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/**
 * Whether the load fell much faster than its own history while errors rise. A metric that is missing is no sign: the
 * metrics that scale are guarded by themselves.
 */
export function incidentSign(guard: IncidentGuard, snapshot: Snapshot): IncidentSign | null {
  const load = valued(snapshot.metrics[guard.load.id]);
  const errors = valued(snapshot.metrics[guard.errors.id]);
  if (load === null || errors === null) return null;
  const usual = median((load.earlier ?? []).map(({ value }) => value));
  const before = median((errors.earlier ?? []).map(({ value }) => value));
  if (usual === null || usual <= 0) return null;
  const fell = load.value <= usual * (1 - guard.drop);
  const rose = errors.value > guard.errorsAbove && errors.value > (before ?? 0);
  return fell && rose ? { load: load.value, usual, errors: errors.value } : null;
}

/** The incident that stands after this look: a new one, the one before seen again, or the one before until its ramp has ended. */
export function incidentAfter(
  state: TargetState,
  policy: Policy,
  snapshot: Snapshot,
  now: Instant,
): Incident | null {
  const guard = policy.incident;
  if (guard === null) return null;
  const before = state.incident !== null && now < rampEndsAt(guard, state.incident) ? state.incident : null;
  if (incidentSign(guard, snapshot) === null) return before;
  return { since: before?.since ?? now, lastSeenAt: now };
}

/** When scale-in is allowed again: bounded, however long the signs last. */
export const holdEndsAt = (guard: IncidentGuard, { since, lastSeenAt }: Incident): Instant =>
  instant(Math.min(plusSeconds(lastSeenAt, guard.holdSeconds), plusSeconds(since, guard.longestHoldSeconds)));

/** When scale-in is no longer slowed down. */
export const rampEndsAt = (guard: IncidentGuard, incident: Incident): Instant =>
  plusSeconds(holdEndsAt(guard, incident), guard.rampSeconds);
