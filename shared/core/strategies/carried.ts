import type { MetricScope, MetricSpec } from '../metric.ts';
import { unitsThen } from '../units-then.ts';
import type { Sight } from './proposal.ts';
import type { Seen } from './reading.ts';

/** What all units carry together, in the unit of the metric; null where it does not follow the size. */
export function carriedBy(
  scope: MetricScope,
  metric: MetricSpec,
  reading: Seen,
  sight: Sight,
): number | null {
  switch (scope) {
    case 'average':
      return reading.value * unitsMeasured(metric, reading, sight);
    case 'total':
      return reading.value;
    case 'independent':
      return null;
  }
}

/** The units that a reading speaks of. */
export function unitsMeasured(
  { periodSeconds }: MetricSpec,
  { at }: Pick<Seen, 'at'>,
  { state, snapshot, size, now }: Sight,
): number {
  const { ready } = snapshot.capacity;
  // At zero an average speaks of units that are gone on purpose: it must not call them back.
  return size === 0 ? ready : unitsThen(state, ready, { at, periodSeconds }, now);
}
