import { describe, expect, it } from 'vitest';
import { lagOf, requestsFor } from '../../../shared/adapters/aws/rds/lag.ts';
import { type Source, sourceOf } from '../../../shared/adapters/aws/rds/source.ts';
import type { MetricReading } from '../../../shared/core/capacity.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aReplicasTarget } from '../../support/a-replicas-target.ts';
import { TinyRds } from '../../support/an-rds.ts';
import { NOW } from '../../support/now.ts';

const IDLE = 50;
const BUSY = 1_000_000;

/** A PostgreSQL source with one replica. */
function aSource(): Source {
  const rds = new TinyRds();
  rds.source('orders', { Engine: 'postgres' });
  rds.replica('orders-1', 'orders');
  const instances = [...rds.databases.values()].map(({ instance }) => instance);
  const source = sourceOf(aReplicasTarget(), instances, NOW);
  if (typeof source === 'string') throw new Error(source);
  return source;
}

const values = (newest: number, points: readonly number[]): MetricReading => {
  const [value = Number.NaN, ...earlier] = points;
  const at = plusSeconds(NOW, -60 * newest);
  return {
    kind: 'value',
    value,
    at,
    earlier: earlier.map((each, index) => ({ at: plusSeconds(at, -60 * (index + 1)), value: each })),
  };
};

/** The lag of 200 s in the minute that began `NOW`, with the WAL of the source in the minutes before. */
function judged(wal: MetricReading): string {
  const source = aSource();
  const [replica] = source.replicas;
  if (replica === undefined) throw new Error('no replica');
  const keys = requestsFor(source).map(({ key }) => key);
  const readings = new Map(
    keys.map((key) => [key, key.startsWith('ReplicaLag') ? values(0, [200]) : wal] as const),
  );
  return lagOf(readings, source, replica, 30).kind;
}

describe('the lag of a replica whose PostgreSQL source may be idle', () => {
  it.each<[string, MetricReading, string]>([
    ['nothing was written since', values(0, [IDLE, IDLE, IDLE, IDLE, IDLE]), 'fits'],
    ['the last write is in the minute that was replayed', values(0, [IDLE, IDLE, IDLE, IDLE, BUSY]), 'fits'],
    ['something was written after that', values(0, [IDLE, IDLE, IDLE, BUSY, IDLE]), 'behind'],
    ['something is written now', values(0, [BUSY, IDLE, IDLE, IDLE, IDLE]), 'behind'],
    ['a minute in between is not known', values(0, [IDLE, IDLE]), 'behind'],
    ['the newest minute is not known yet', values(1, [IDLE, IDLE, IDLE, IDLE]), 'fits'],
    ['the newest minutes are not known', values(2, [IDLE, IDLE, IDLE, IDLE]), 'behind'],
    ['nothing is known', { kind: 'missing', reason: 'no-data', detail: 'none' }, 'behind'],
  ])('when %s', (_what, wal, kind) => {
    expect(judged(wal)).toBe(kind);
  });
});
