import type { MetricReading } from '../../core/capacity.ts';
import type { MetricSpec } from '../../core/metric.ts';
import type { Instant } from '../../core/time.ts';
import type { MetricSource } from '../../ports/metric-source.ts';

/** RDS reports each minute; a value that is older than this says nothing about now. */
const STALE_AFTER_SECONDS = 300;

const PERIOD_SECONDS = 60;

/** A metric of one instance in AWS/RDS, its highest value of a minute. */
export const instanceMetric = (instance: string, name: string, historySeconds = 0): MetricSpec => ({
  id: 'value',
  label: name,
  unit: '',
  query: {
    kind: 'stat',
    namespace: 'AWS/RDS',
    name,
    dimensions: { DBInstanceIdentifier: instance },
    stat: 'Maximum',
  },
  periodSeconds: PERIOD_SECONDS,
  staleAfterSeconds: STALE_AFTER_SECONDS,
  whenMissing: 'missing',
  historySeconds,
});

/** A failover cuts every connection for a minute, and they come back: one quiet minute says little. */
const QUIET_SECONDS = 120;

/** The most client connections of an instance in the last minutes, and when the newest of them were measured. */
export interface Connections {
  readonly count: number;
  readonly at: Instant;
}

/**
 * How many clients are connected to each of some instances, by identifier; one without a usable value is absent, for
 * unknown is not zero. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html (DatabaseConnections)
 */
export async function connectionsOf(
  metrics: MetricSource,
  instances: readonly string[],
  now: Instant,
): Promise<ReadonlyMap<string, Connections>> {
  if (instances.length === 0) return new Map();
  const requests = instances.map((id) => ({
    key: id,
    metric: instanceMetric(id, 'DatabaseConnections', QUIET_SECONDS),
  }));
  const readings = await metrics.read(requests, now);
  return new Map(instances.flatMap((id) => known(id, readings.get(id))));
}

function known(id: string, reading: MetricReading | undefined): readonly (readonly [string, Connections])[] {
  if (reading?.kind !== 'value') return [];
  const { value, at, earlier = [] } = reading;
  return [[id, { count: Math.max(value, ...earlier.map((point) => point.value)), at }]];
}
