import type { Datapoint, MetricReading } from '../../../core/capacity.ts';
import type { MetricSpec } from '../../../core/metric.ts';
import { type Instant, plusSeconds, secondsBetween } from '../../../core/time.ts';
import type { MetricRequest } from '../../../ports/metric-source.ts';
import type { Replica } from './replica.ts';
import type { Source } from './source.ts';

/** One minute: RDS publishes a datapoint of each metric in it. */
const PERIOD_SECONDS = 60;

/** A datapoint that is older says nothing of now. */
const STALE_SECONDS = 180;

/**
 * "A PostgreSQL read replica reports a replication lag of up to five minutes if there are no user transactions occurring on the
 * source", and a minute for the datapoint to be seen. More than this is real.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.Replication.ReadReplicas.html
 */
const IDLE_LAG_SECONDS = 360;

/** WAL of a source that nobody writes to, in bytes a second: its own checkpoints and heartbeats. */
const IDLE_WAL_BYTES = 1024;

const LAG = 'ReplicaLag';
const CONNECTIONS = 'DatabaseConnections';
const WAL = 'TransactionLogsGeneration';

/** What is known of a replica's lag. */
export type Lag =
  | { readonly kind: 'fits'; readonly detail: string }
  | { readonly kind: 'behind'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string };

const key = (metric: string, instance: string): string => `${metric} ${instance}`;

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html */
const requestOf = (
  name: string,
  id: string,
  stat: string,
  historySeconds: number,
): MetricRequest & { readonly metric: MetricSpec } => ({
  key: key(name, id),
  metric: {
    id: name,
    label: name,
    unit: '',
    query: { kind: 'stat', namespace: 'AWS/RDS', name, dimensions: { DBInstanceIdentifier: id }, stat },
    periodSeconds: PERIOD_SECONDS,
    staleAfterSeconds: STALE_SECONDS,
    whenMissing: 'missing',
    historySeconds,
  },
});

/** The metrics that tell which replicas of a source are fit for traffic, and how many connections they have. */
export function requestsFor({ id, engine, replicas }: Source): readonly MetricRequest[] {
  const seen = replicas.filter(({ phase }) => phase === 'serving' || phase === 'pending');
  const each = seen.flatMap((replica) => [
    requestOf(LAG, replica.id, 'Average', 0),
    requestOf(CONNECTIONS, replica.id, 'Maximum', 0),
  ]);
  return engine === 'postgres' && seen.length > 0
    ? [...each, requestOf(WAL, id, 'Maximum', IDLE_LAG_SECONDS)]
    : each;
}

/** Readings of the metrics of {@link requestsFor}. */
export type Readings = ReadonlyMap<string, MetricReading>;

/** The most client connections of a replica in the newest minute, if that minute began after `since`; null = unknown. */
export function connectionsOf(readings: Readings, { id }: Replica, since: Instant | null): number | null {
  const reading = readings.get(key(CONNECTIONS, id));
  if (reading?.kind !== 'value' || reading.value < 0) return null;
  return since !== null && reading.at < since ? null : reading.value;
}

/** Judges a replica's lag against the limit. −1 is "not replicating" or "not known", never zero. */
export function lagOf(readings: Readings, source: Source, { id }: Replica, most: number): Lag {
  const reading = readings.get(key(LAG, id));
  if (reading?.kind !== 'value') {
    const why = reading?.kind === 'missing' ? reading.detail : 'it was not read';
    return { kind: 'unknown', detail: `its lag is unknown: ${why}` };
  }
  const { value, at } = reading;
  if (value < 0) return { kind: 'unknown', detail: `its lag is unknown: ReplicaLag is ${value}` };
  if (value <= most) return { kind: 'fits', detail: `it is ${value} s behind` };
  if (source.engine === 'postgres' && value <= IDLE_LAG_SECONDS && isQuietSince(readings, source, at, value))
    return {
      kind: 'fits',
      detail: `it shows ${value} s of lag, but ${source.id} has written nothing for so long: it has caught up`,
    };
  return { kind: 'behind', detail: `it is ${value} s behind; the limit is ${most} s` };
}

/**
 * Whether the source has written nothing since the last transaction that the replica replayed, `lag` seconds before the datapoint:
 * then there is nothing to be behind by. Every full minute since then must be known to be quiet; the one in which that transaction
 * fell may have had writes. OldestReplicationSlotLag would not do: it is that of the furthest behind, and a replica that is being
 * made holds it up for all.
 */
function isQuietSince(readings: Readings, { id }: Source, at: Instant, lag: number): boolean {
  const wal = readings.get(key(WAL, id));
  if (wal?.kind !== 'value' || secondsBetween(wal.at, at) > PERIOD_SECONDS) return false;
  const points: readonly Datapoint[] = [{ at: wal.at, value: wal.value }, ...(wal.earlier ?? [])];
  const replayed = plusSeconds(at, -lag);
  const since = points.filter((point) => point.at >= replayed);
  const minutes = Math.floor(secondsBetween(replayed, wal.at) / PERIOD_SECONDS) + 1;
  return since.length >= Math.max(1, minutes) && since.every(({ value }) => value <= IDLE_WAL_BYTES);
}
