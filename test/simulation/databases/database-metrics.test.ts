import { describe, expect, it } from 'vitest';
import { instant } from '../../../shared/core/time.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { aPolicy, aTargetTracking } from '../../support/a-policy.ts';
import { databasePolicies } from '../../support/database-policies.ts';
import { steppedWorkload } from './a-load.ts';
import { aPlant, behindARecord, lastMinute, later, START, viewOf } from './a-plant.ts';

const idle = { readsPerLoad: 2, writesPerLoad: 0, connectionsPerTask: 20, queriesPerNode: 1000 };

function seriesOf(plant: Plant, name: string, id: string): readonly number[] {
  const query = {
    kind: 'stat',
    namespace: 'AWS/RDS',
    name,
    dimensions: { DBInstanceIdentifier: id },
    stat: 'Maximum',
  } as const;
  return plant.getMetricDatapoints(query, START, plant.now(), 60).map(({ value }) => Math.round(value));
}

describe('metrics of instances', () => {
  it('show load, connections and memory, from before the start on', () => {
    const plant = aPlant([behindARecord()]);
    plant.advanceTo(later(10));
    expect(lastMinute(plant, 'CPUUtilization', 'orders-replica-1')).toBeCloseTo(3 + 97 * 0.5);
    plant.advanceTo(later(130));
    expect(lastMinute(plant, 'CPUUtilization', 'orders-replica-1')).toBeCloseTo(3 + 97 * 0.5);
    expect(lastMinute(plant, 'DatabaseConnections', 'orders')).toBe(67);
    expect(lastMinute(plant, 'TransactionLogsGeneration', 'orders')).toBe(100 * 1024);
    expect(lastMinute(plant, 'OldestReplicationSlotLag', 'orders')).toBe(0);
    expect(lastMinute(plant, 'ReplicaLag', 'orders-replica-1')).toBe(0);
    expect(lastMinute(plant, 'ReplicaLag', 'orders')).toBeUndefined();
  });

  it('rise to five minutes of lag on an idle PostgreSQL source, without a log that waits', () => {
    const plant = aPlant([behindARecord()], { loadModel: idle });
    plant.advanceTo(later(726));
    expect(seriesOf(plant, 'ReplicaLag', 'orders-replica-1')).toEqual([
      60, 120, 180, 240, 0, 60, 120, 180, 240, 0, 60, 120,
    ]);
    expect(lastMinute(plant, 'OldestReplicationSlotLag', 'orders')).toBe(0);
    expect(viewOf(plant, 'orders-replica-1')).toMatchObject({ unready: null, lagSeconds: 0 });
  });

  it('show no such lag for MySQL', () => {
    const plant = aPlant([behindARecord()], { loadModel: idle, databases: { orders: { engine: 'mysql' } } });
    plant.advanceTo(later(306));
    expect(seriesOf(plant, 'ReplicaLag', 'orders-replica-1')).toEqual([0, 0, 0, 0, 0]);
  });

  it('tell real lag, and −1 where it is unknown', () => {
    const plant = aPlant([behindARecord()], { loadModel: idle });
    plant.databases.fault({ kind: 'lag', instance: 'orders-replica-1', seconds: 400, forSeconds: 120 });
    plant.databases.fault({ kind: 'lag', instance: 'orders-replica-2', seconds: null, forSeconds: 120 });
    plant.advanceTo(later(66));
    expect(lastMinute(plant, 'ReplicaLag', 'orders-replica-1')).toBe(400);
    expect(lastMinute(plant, 'OldestReplicationSlotLag', 'orders')).toBeGreaterThan(0);
    expect(lastMinute(plant, 'ReplicaLag', 'orders-replica-2')).toBe(-1);
    plant.advanceTo(later(400));
    expect(viewOf(plant, 'orders-replica-1')).toMatchObject({ lagSeconds: 0, unready: null });
    plant.databases.fault({ kind: 'source-failed', instance: 'orders' });
    plant.advanceTo(later(486));
    expect(lastMinute(plant, 'ReplicaLag', 'orders-replica-1')).toBe(-1);
  });

  it('begin with an instance and stay when it is gone', () => {
    const plant = aPlant([behindARecord()]);
    plant.databases.operations.createReplica('orders', { id: 'orders-r3' }, plant.now());
    plant.advanceTo(later(186));
    expect(seriesOf(plant, 'DatabaseConnections', 'orders-r3')).toEqual([]);
    plant.advanceTo(later(1206));
    const lived = seriesOf(plant, 'ReplicaLag', 'orders-r3');
    expect(lived[0]).toBeGreaterThan(0);
    expect(lived.at(-1)).toBe(0);
    plant.databases.operations.remove('orders-r3', plant.now());
    plant.advanceTo(later(1800));
    expect(() => viewOf(plant, 'orders-r3')).toThrow('no orders-r3');
    expect(seriesOf(plant, 'ReplicaLag', 'orders-r3').length).toBeGreaterThanOrEqual(lived.length);
    expect(lastMinute(plant, 'ReplicaLag', 'orders-r3')).toBeUndefined();
    plant.databases.operations.createReplica('orders', { id: 'orders-r3' }, plant.now());
    plant.advanceTo(later(3006));
    expect(lastMinute(plant, 'ReplicaLag', 'orders-r3')).toBe(0);
  });
});

describe('metrics of Aurora clusters', () => {
  const query = (stat: string, Role: string, name = 'DatabaseConnections') =>
    ({
      kind: 'stat',
      namespace: 'AWS/RDS',
      name,
      dimensions: { DBClusterIdentifier: 'ledger', Role },
      stat,
    }) as const;

  it('are aggregated by role', () => {
    const ledger = databasePolicies.filter(({ name }) => name === 'ledger');
    const plant = aPlant(ledger);
    plant.advanceTo(later(66));
    const read = (...of: Parameters<typeof query>) =>
      plant.getMetricDatapoints(query(...of), START, plant.now(), 60)[0]?.value;
    expect(read('Average', 'READER')).toBe(67);
    expect(read('Sum', 'READER')).toBe(134);
    expect(read('Sum', 'WRITER')).toBe(67);
    expect(read('Maximum', 'READER', 'AuroraReplicaLag')).toBeCloseTo(15 + 85 * 0.5);
  });

  it('wake a policy by an alarm over the real series', () => {
    const metric = { ...aTargetTracking().metric, query: query('Average', 'READER', 'CPUUtilization') };
    const policies = databasePolicies
      .filter(({ name }) => name === 'ledger')
      .map((policy) => ({ ...policy, strategies: [aTargetTracking({ metric })] }));
    const workload = steppedWorkload(500, 900, later(300));
    const plant = aPlant(policies, {
      workload,
      policies: [aPolicy({ name: 'web', bounds: { min: 10, max: 10 } }), ...policies],
    });
    const red: string[] = [];
    for (let second = 60; second <= 600; second += 60) {
      for (const { source, detail, time } of plant.advanceTo(instant(START + second * 1000))) {
        const { value } = (detail['state'] ?? {}) as { value?: string };
        if (
          source === 'aws.cloudwatch' &&
          String(detail['alarmName']).endsWith('ledger-cpu-out') &&
          value === 'ALARM'
        )
          red.push(time.slice(11, 19));
      }
    }
    expect(red).toEqual(['10:06:06']);
  });
});
