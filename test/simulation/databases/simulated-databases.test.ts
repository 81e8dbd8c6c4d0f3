import { describe, expect, it } from 'vitest';
import { RESOURCE_TAGS } from '../../../shared/core/target.ts';
import { AccountRefusal } from '../../../shared/simulation/account-refusal.ts';
import type { PlantEvent } from '../../../shared/simulation/plant-event.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aReplicasTarget, databasePolicies } from '../../support/database-policies.ts';
import { fc } from '../../support/fast-check.ts';
import { aPlant, behindARecord, later, viewOf } from './a-plant.ts';

const ids = (events: readonly PlantEvent[]) =>
  events.filter(({ source }) => source === 'aws.rds').map(({ detail }) => detail['EventID']);

describe('the databases of an account', () => {
  it('are as many as the load at the start needs, within bounds', () => {
    const replicas = (min: number, max: number, readsPerLoad: number) => {
      const target = aReplicasTarget();
      const loadModel = { readsPerLoad, writesPerLoad: 0, connectionsPerTask: 1, queriesPerNode: 1000 };
      const plant = aPlant([aPolicy({ name: 'readers', target, bounds: { min, max } })], { loadModel });
      return plant.databases.fleet.replicasOf('orders').length;
    };
    expect([replicas(2, 10, 0), replicas(0, 10, 5), replicas(1, 3, 100)]).toEqual([2, 4, 3]);
  });

  it('share the load of the start, source by source', () => {
    const loadModel = { readsPerLoad: 12, writesPerLoad: 0, connectionsPerTask: 1, queriesPerNode: 1000 };
    const { fleet } = aPlant(databasePolicies.slice(1), { loadModel }).databases;
    expect(['orders', 'stock'].map((source) => fleet.replicasOf(source).length)).toEqual([3, 3]);
    expect(fleet.membersOf('ledger')).toHaveLength(1 + 3);
  });

  it('are one when two policies name it, on the lowest rung of the ladder', () => {
    const ladder = ['db.r6g.xlarge', 'db.r6g.2xlarge'];
    const vertical = { kind: 'rds-instance-class', instance: 'orders', ladder, immediate: true } as const;
    const plant = aPlant([aPolicy({ name: 'class', target: vertical }), behindARecord()]);
    expect(plant.databases.views().instances.map(({ id, instanceClass }) => [id, instanceClass])).toEqual([
      ['orders', 'db.r6g.xlarge'],
      ['orders-replica-1', 'db.r6g.xlarge'],
      ['orders-replica-2', 'db.r6g.xlarge'],
    ]);
    const alone = aPlant([aPolicy({ name: 'class', target: vertical })]);
    expect(alone.databases.views().instances).toMatchObject([
      { id: 'orders', role: 'source', inTraffic: true },
    ]);
  });

  it('differ where they are told to', () => {
    const override = {
      engine: 'mysql',
      instanceClass: 'db.m6g.large',
      maxConnections: 77,
      zones: ['z1'],
      unmanagedReplicas: 1,
    };
    const plant = aPlant([behindARecord()], { databases: { orders: override } });
    expect(viewOf(plant, 'orders-replica-1')).toMatchObject({ zone: 'z1', maxConnections: 77, tags: {} });
    expect(viewOf(plant, 'orders-replica-2').tags).toEqual({
      [RESOURCE_TAGS.managed]: 'true',
      [RESOURCE_TAGS.policy]: 'readers',
    });
    expect(plant.databases.fleet.instance('orders-replica-1')).toMatchObject({
      engine: 'mysql',
      instanceClass: 'db.m6g.large',
    });
  });

  it('run the same for the same seed, and differently for another', () => {
    const run = (seed: number) => {
      const plant = aPlant(databasePolicies.slice(1), { seed });
      plant.databases.operations.createReplica('orders', { id: 'orders-r9' }, plant.now());
      return plant.advanceTo(later(1200)).map(({ time, id }) => `${time} ${id}`);
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('tell EventBridge of a replica from its creation to its replication', () => {
    const plant = aPlant([behindARecord()]);
    plant.databases.operations.createReplica('orders', { id: 'orders-r3' }, plant.now());
    const events = plant.advanceTo(later(1200));
    expect(ids(events)).toEqual(['RDS-EVENT-0005', 'RDS-EVENT-0001', 'RDS-EVENT-0002', 'RDS-EVENT-0046']);
  });
});

describe('faults', () => {
  it('leave a replica in creating', () => {
    const plant = aPlant([behindARecord()]);
    plant.databases.fault({ kind: 'stuck-creating' });
    plant.databases.fault({ kind: 'stuck-creating', instance: 'orders-r5' });
    for (const id of ['orders-r3', 'orders-r4', 'orders-r5']) {
      plant.databases.operations.createReplica('orders', { id }, plant.now());
    }
    plant.advanceTo(later(7200));
    const statuses = ['orders-r3', 'orders-r4', 'orders-r5'].map((id) => viewOf(plant, id).status);
    expect(statuses).toEqual(['creating', 'available', 'creating']);
    plant.databases.operations.remove('orders-r3', plant.now());
    plant.advanceTo(later(7501));
    expect(plant.databases.fleet.instances.has('orders-r3')).toBe(false);
  });

  it('take capacity of one class in one zone', () => {
    const plant = aPlant([behindARecord()]);
    const create = (id: string, instanceClass: string, zone: string) => () =>
      plant.databases.operations.createReplica('orders', { id, instanceClass, zone }, plant.now());
    plant.databases.fault({
      kind: 'insufficient-capacity',
      instanceClass: 'db.r6g.large',
      zone: 'us-east-1a',
      count: 2,
    });
    expect(create('r1', 'db.r6g.large', 'us-east-1a')).toThrow(AccountRefusal);
    create('r2', 'db.r6g.large', 'us-east-1b')();
    create('r3', 'db.r6g.xlarge', 'us-east-1a')();
    expect(create('r4', 'db.r6g.large', 'us-east-1a')).toThrow('not available in us-east-1a');
    create('r5', 'db.r6g.large', 'us-east-1a')();
    expect(create('r6', 'db.r6g.large', 'us-east-1z')).toThrow('does not cover us-east-1z');
  });

  it('let a cluster fail over when its writer fails or is deleted', () => {
    for (const lose of ['fail', 'delete'] as const) {
      const plant = aPlant(databasePolicies.filter(({ name }) => name === 'ledger'));
      const { databases } = plant;
      if (lose === 'fail') databases.fault({ kind: 'source-failed', instance: 'ledger-writer' });
      else databases.operations.remove('ledger-writer', plant.now());
      expect(ids(plant.advanceTo(later(60)))).toEqual(
        expect.arrayContaining(['RDS-EVENT-0073', 'RDS-EVENT-0071']),
      );
      expect(databases.fleet.cluster('ledger').writer).toBe('ledger-reader-1');
      expect(databases.views().total.failedWrites).toBeGreaterThanOrEqual(29 * 100);
      expect(databases.views().total.failedWrites).toBeLessThanOrEqual(60 * 100);
    }
  });

  it('leave the replicas of a source that is gone on their own', () => {
    const plant = aPlant([behindARecord()]);
    plant.databases.operations.remove('orders', plant.now());
    plant.advanceTo(later(300));
    expect(viewOf(plant, 'orders-replica-1')).toMatchObject({ role: 'source', of: null });
  });
});

describe('whatever is asked of the databases', () => {
  const call = fc.record({
    what: fc.constantFrom('create', 'remove', 'change-class', 'promote', 'stick', 'scarce', 'refuse', 'lag'),
    place: fc.integer({ min: 1, max: 5 }),
    seconds: fc.integer({ min: 1, max: 400 }),
  });

  it('keeps every connection and query accounted for, and every identifier once', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 12 }), fc.integer({ min: 1, max: 1000 }), (calls, seed) => {
        const plant = aPlant([behindARecord()], { seed });
        const { operations } = plant.databases;
        let second = 0;
        for (const { what, place, seconds } of calls) {
          const id = `orders-replica-${place}`;
          const acts = {
            create: () => operations.createReplica('orders', { id }, plant.now()),
            remove: () => operations.remove(id, plant.now()),
            'change-class': () => operations.changeClass(id, 'db.r6g.xlarge', true, plant.now()),
            promote: () => operations.promote(id, 1, plant.now()),
            stick: () => plant.databases.fault({ kind: 'stuck-creating' }),
            scarce: () => plant.databases.fault({ kind: 'insufficient-capacity', count: 1 }),
            refuse: () => plant.databases.fault({ kind: 'refuse-delete', count: 1 }),
            lag: () => plant.databases.fault({ kind: 'lag', instance: id, seconds: 90, forSeconds: 60 }),
          };
          try {
            acts[what]();
          } catch (error) {
            expect(error).toBeInstanceOf(AccountRefusal);
          }
          second += seconds;
          plant.advanceTo(later(second));
          const { instances, total } = plant.databases.views();
          const connections = instances.reduce((sum, view) => sum + view.connections, 0);
          expect(connections).toBeLessThanOrEqual(200 + instances.length);
          expect(new Set(instances.map((view) => view.id)).size).toBe(instances.length);
          expect(total.reads).toBeCloseTo(1000 * second, 3);
          expect(total.writes).toBeCloseTo(100 * second, 3);
          for (const view of instances) expect(view.connections).toBeLessThanOrEqual(view.maxConnections);
        }
      }),
      { numRuns: 60 },
    );
  });
});
