import type { UnitState } from '../capacity.ts';

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
  /** Ids of those that take no part: failed, finished, or on their way out. */
  readonly ignored: readonly string[];
}

/**
 * Sorts units as `autoscaling/v2` does. `samples`: by unit id. `gate: null` = readiness does not matter for this metric.
 * Pending units are unready for every metric; ended and leaving ones are dropped before anything else is looked at.
 */
export function groupUnits(
  units: readonly UnitState[],
  samples: Pick<ReadonlySet<string>, 'has'>,
  gate: ReadinessGate | null,
): UnitGroups {
  const groupOf = (unit: UnitState): keyof UnitGroups => {
    if (unit.deleting || unit.phase === 'failed' || unit.phase === 'succeeded') return 'ignored';
    if (unit.phase === 'pending') return 'unready';
    if (!samples.has(unit.id)) return 'missing';
    return gate !== null && isHeldBack(unit, gate) ? 'unready' : 'ready';
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
function isHeldBack(unit: UnitState, gate: ReadinessGate): boolean {
  const { ready, startedSecondsAgo: started } = unit;
  if (ready === null || started === null) return true;
  const changed = unit.readyChangedSecondsAgo ?? Number.POSITIVE_INFINITY;
  return started < gate.initializationSeconds
    ? !ready || changed < unit.sampleAgeSeconds + unit.sampleWindowSeconds
    : !ready && changed + gate.readinessDelaySeconds > started;
}
