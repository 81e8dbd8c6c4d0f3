import { describe, expect, it } from 'vitest';
import { RESOURCE_TAGS } from '../../../shared/core/target.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { constantWorkload } from '../../../shared/simulation/workload.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aReplicasTarget } from '../../support/database-policies.ts';
import { aPlant, behindARecord, later, RECORD, START, viewOf } from './a-plant.ts';

const admit = (plant: ReturnType<typeof aPlant>, unit: string, weight = 100): void => {
  const { host } = plant.databases.fleet.instance(unit).address;
  const record = {
    name: `${RECORD.recordName}.`,
    type: 'CNAME',
    ttlSeconds: 10,
    setIdentifier: unit,
    weight,
    values: [host],
  };
  plant.databases.records.change(RECORD.hostedZoneId, [{ action: 'UPSERT', record }]);
};

describe('reads', () => {
  it('go to the replicas in the record, in proportion to their weights, and writes to the source', () => {
    const plant = aPlant([behindARecord()]);
    admit(plant, 'orders-replica-1', 300);
    plant.advanceTo(later(10));
    const queries = plant.databases
      .views()
      .instances.map(({ id, queriesPerSecond }) => [id, queriesPerSecond]);
    expect(queries).toEqual([
      ['orders', 100],
      ['orders-replica-1', 750],
      ['orders-replica-2', 250],
    ]);
    expect(plant.databases.views().total).toMatchObject({
      reads: 10_000,
      writes: 1000,
      neverReady: 0,
      failedReads: 0,
    });
  });

  it('go to every replica when all weights are zero, as Route 53 has it', () => {
    const plant = aPlant([behindARecord()]);
    admit(plant, 'orders-replica-1', 0);
    plant.advanceTo(later(1));
    expect(viewOf(plant, 'orders-replica-1').inTraffic).toBe(false);
    admit(plant, 'orders-replica-2', 0);
    plant.advanceTo(later(2));
    expect(viewOf(plant, 'orders-replica-1')).toMatchObject({ inTraffic: true, queriesPerSecond: 500 });
  });

  it('go to the source when there is no replica', () => {
    const target = aReplicasTarget();
    const policy = aPolicy({ name: 'readers', target, bounds: { min: 0, max: 10 } });
    const plant = aPlant([policy], { workload: constantWorkload(0, START, later(60)) });
    expect(plant.databases.views().instances).toMatchObject([{ id: 'orders', inTraffic: true }]);
  });

  it('find available replicas by themselves where no endpoint is named, but none that leaves', () => {
    const plant = aPlant([
      aPolicy({ name: 'readers', target: aReplicasTarget(), bounds: { min: 2, max: 10 } }),
    ]);
    plant.databases.fleet.instance('orders-replica-2').tags.set(RESOURCE_TAGS.leaving, 'x');
    plant.databases.operations.createReplica('orders', { id: 'orders-r3' }, plant.now());
    plant.advanceTo(later(1));
    const inTraffic = plant.databases.views().instances.filter((view) => view.inTraffic);
    expect(inTraffic.map(({ id }) => id)).toEqual(['orders-replica-1']);
  });

  it('handed to a replica that is not ready are counted, with the reason', () => {
    const plant = aPlant([behindARecord()]);
    plant.databases.operations.createReplica('orders', { id: 'orders-r3' }, plant.now());
    admit(plant, 'orders-r3', 200);
    plant.advanceTo(later(10));
    const early = plant.databases.views().total;
    expect(early).toMatchObject({
      failedReads: 5000,
      notReady: { unavailable: 5000, lagging: 0 },
      neverReady: 5000,
    });
    plant.databases.fault({ kind: 'lag', instance: 'orders-replica-1', seconds: 60, forSeconds: 30 });
    plant.advanceTo(later(20));
    const late = plant.databases.views().total;
    // Once ready, it is the lag and not the admission that is to blame.
    expect(late.notReady.lagging).toBe(2500);
    expect(late.neverReady - early.neverReady).toBe(5000);
  });

  it('go on reaching a promoted replica that is still in the record, and are counted', () => {
    const plant = aPlant([behindARecord()]);
    plant.databases.operations.promote('orders-replica-1', 1, plant.now());
    plant.advanceTo(later(300));
    expect(viewOf(plant, 'orders-replica-1')).toMatchObject({
      role: 'source',
      inTraffic: true,
      unready: 'detached',
      queriesPerSecond: 500,
    });
    expect(plant.databases.views().second.notReady.detached).toBe(500);
  });

  it('cost more on a replica whose data are cold, unless it was warmed', () => {
    const warmUp = { plan: 'orders', withinSeconds: 1200 };
    const plant = aPlant([behindARecord({ warmUp })]);
    plant.databases.operations.createReplica('orders', { id: 'orders-r3' }, plant.now());
    admit(plant, 'orders-r3');
    for (let second = 1; viewOf(plant, 'orders-r3').status !== 'available'; second += 1)
      plant.advanceTo(later(second));
    const cold = viewOf(plant, 'orders-r3').utilization;
    expect(cold).toBeGreaterThan(2 * viewOf(plant, 'orders-replica-1').utilization);
    const end = plusSeconds(plant.now(), 300);
    plant.advanceTo(end);
    expect(viewOf(plant, 'orders-r3').unready).toBe('warming');
    expect(plant.databases.views().total.notReady.warming).toBeGreaterThan(0);
    plant.databases.fleet.instance('orders-r3').tags.set(RESOURCE_TAGS.warmed, 'x');
    plant.advanceTo(plusSeconds(end, 1));
    expect(viewOf(plant, 'orders-r3')).toMatchObject({ unready: null });
    expect(viewOf(plant, 'orders-r3').utilization).toBeCloseTo(viewOf(plant, 'orders-replica-1').utilization);
  });
});

describe('connections', () => {
  it('are spread over the nodes in traffic and the writer, and none is lost when a replica is drained', () => {
    const plant = aPlant([behindARecord()]);
    plant.advanceTo(later(1));
    expect(plant.databases.views().instances.map(({ connections }) => connections)).toEqual([67, 67, 67]);
    admit(plant, 'orders-replica-1', 0);
    const drained: number[] = [];
    for (let second = 2; second <= 901; second += 1) {
      plant.advanceTo(later(second));
      const counts = plant.databases.views().instances.map(({ connections }) => connections);
      expect(Math.abs(counts.reduce((sum, count) => sum + count, 0) - 200)).toBeLessThanOrEqual(2);
      drained.push(counts[1] ?? 0);
    }
    expect(drained[59]).toBeGreaterThan(30);
    expect(drained[59]).toBeLessThan(40);
    expect(drained[299]).toBeGreaterThan(0);
    expect(drained[899]).toBe(0);
  });

  it('above max_connections are refused and counted', () => {
    const plant = aPlant([behindARecord()], { databases: { orders: { maxConnections: 50 } } });
    plant.advanceTo(later(10));
    expect(plant.databases.views().instances.map(({ connections }) => connections)).toEqual([50, 50, 50]);
    const { second, refusingSeconds } = plant.databases.views();
    expect(second.refusedConnections).toBeCloseTo(50);
    expect(refusingSeconds).toBe(10);
  });

  it('are cut by a deletion, which is remembered with their number', () => {
    const plant = aPlant([behindARecord()]);
    plant.advanceTo(later(10));
    plant.databases.operations.remove('orders-replica-1', plant.now());
    expect(plant.databases.views().deletions).toMatchObject([
      {
        instance: 'orders-replica-1',
        connections: 67,
        replicaOf: 'orders',
        tags: { [RESOURCE_TAGS.managed]: 'true' },
      },
    ]);
    plant.advanceTo(later(12));
    expect(plant.databases.views().second).toMatchObject({
      failedReads: 500,
      notReady: { unavailable: 500 },
    });
  });
});
