import type { UnitState } from '../capacity.ts';
import { type Instant, plusSeconds } from '../time.ts';

/** One unit's value in milli-units, when it was measured, and over how long. */
export interface Measured {
  readonly value: bigint;
  readonly at: Instant;
  readonly windowSeconds: number;
}

/** How long after its start a unit's samples depend on its readiness; see PerUnitRules. */
export interface ReadinessGate {
  readonly initializationSeconds: number;
  readonly readinessDelaySeconds: number;
}

/** The units of a target by what their samples are worth. */
export interface UnitGroups {
  /** How many are measured and count. */
  readonly ready: number;
  /** Ids of those that do not serve yet: pending, or held back by the gate. */
  readonly unready: readonly string[];
  /** Ids of those that should have a sample and have none. */
  readonly missing: readonly string[];
  /** Ids of those that take no part: ended, or on their way out. */
  readonly ignored: readonly string[];
}

/**
 * Sorts units as `autoscaling/v2` does. `gate: null` = readiness does not matter for this metric.
 * Pending units are unready for every metric; ended and deleted ones are dropped before anything else is looked at.
 */
export function groupUnits(
  units: readonly UnitState[],
  samples: ReadonlyMap<string, Measured>,
  gate: ReadinessGate | null,
  now: Instant,
): UnitGroups {
  const groupOf = (unit: UnitState): keyof UnitGroups => {
    if (unit.deleting || unit.phase === 'ended') return 'ignored';
    if (unit.phase === 'pending') return 'unready';
    const sample = samples.get(unit.id);
    if (sample === undefined) return 'missing';
    return gate !== null && isHeldBack(unit, sample, gate, now) ? 'unready' : 'ready';
  };
  const groups = units.map((unit) => ({ id: unit.id, group: groupOf(unit) }));
  const idsIn = (wanted: keyof UnitGroups) =>
    groups.filter(({ group }) => group === wanted).map(({ id }) => id);
  return {
    ready: idsIn('ready').length,
    unready: idsIn('unready'),
    missing: idsIn('missing'),
    ignored: idsIn('ignored'),
  };
}

/** "Not ready now" is not the rule: a unit that was ready once and fails now carries load, and is counted. */
function isHeldBack(unit: UnitState, sample: Measured, gate: ReadinessGate, now: Instant): boolean {
  if (unit.ready === null || unit.startedAt === null) return true;
  const changedAt = unit.readySince ?? Number.NEGATIVE_INFINITY;
  const isStarting = plusSeconds(unit.startedAt, gate.initializationSeconds) > now;
  return isStarting
    ? !unit.ready || sample.at < changedAt + sample.windowSeconds * 1000
    : !unit.ready && plusSeconds(unit.startedAt, gate.readinessDelaySeconds) > changedAt;
}
