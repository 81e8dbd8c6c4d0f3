import { describe, expect, it } from 'vitest';
import { plusSeconds } from '../../shared/core/time.ts';
import type { CacheOverrides } from '../../shared/simulation/caches/cache-views.ts';
import { createPlant, type Plant } from '../../shared/simulation/plant.ts';
import type { PlantEvent } from '../../shared/simulation/plant-event.ts';
import { constantWorkload } from '../../shared/simulation/workload.ts';
import { aCachePolicy, CACHE_START, pass, REPLICAS, SHARDS } from '../support/a-cache.ts';

const WORKLOAD = constantWorkload(1000, CACHE_START, plusSeconds(CACHE_START, 86_400));
const LOAD_MODEL = { readsPerLoad: 1, writesPerLoad: 0, connectionsPerTask: 0, queriesPerNode: 1 };

const aPlant = (
  cache: CacheOverrides = {},
  target: typeof SHARDS | typeof REPLICAS = SHARDS,
  seed = 1,
): Plant =>
  createPlant({
    policies: [aCachePolicy(target)],
    workload: WORKLOAD,
    loadModel: LOAD_MODEL,
    start: CACHE_START,
    seed,
    caches: { sessions: cache },
  });

const shardsOf = (plant: Plant) => {
  const answer = plant.caches.describe('sessions');
  if (answer.kind === 'refused') throw new Error(answer.message);
  return answer.value.shards;
};

/** The newest minute of a metric. */
const newest = (plant: Plant, name: string, dimensions: Readonly<Record<string, string>>) =>
  plant
    .getMetricDatapoints(
      { kind: 'stat', namespace: 'AWS/ElastiCache', name, dimensions, stat: 'Average' },
      plusSeconds(plant.now(), -300),
      plant.now(),
      60,
    )
    .at(-1)?.value;

describe('a simulated cache', () => {
  it('answers nothing where no policy names one, and does no work', () => {
    const plant = createPlant({ policies: [], workload: WORKLOAD, start: CACHE_START, seed: 1 });
    pass(plant, 60);
    expect([
      plant.caches.hitRate(),
      plant.caches.warmShare(),
      plant.caches.keys(),
      plant.caches.ids(),
    ]).toEqual([0, 0, 0, []]);
    expect(plant.caches.step({ load: 1, tasks: 1, reads: 1, writes: 1 }, plant.now())).toEqual([]);
  });

  it('is warmed by its misses: fast at first, for the popular keys come first', () => {
    const plant = aPlant({ warmShare: 0 });
    const rates = [0, 60, 540, 3000].map((seconds) => {
      pass(plant, seconds);
      return plant.caches.hitRate();
    });
    expect(rates[0]).toBe(0);
    expect(rates[1]).toBeGreaterThan(0.5);
    expect(rates[2]).toBeGreaterThan(rates[1] ?? 1);
    expect(rates[3]).toBeGreaterThan(0.95);
  });

  it('is cold after a flush, and a warm run brings it back at once', () => {
    const plant = aPlant();
    plant.caches.flush('sessions');
    expect(plant.caches.hitRate()).toBe(0);
    plant.caches.warm(0.5);
    expect(plant.caches.hitRate()).toBeCloseTo(0.81, 2);
    plant.caches.warm(0.1, 'sessions');
    expect(plant.caches.warmShare()).toBe(0.5);
  });

  it('evicts keys when its memory is short, and misses what it evicted', () => {
    const plant = aPlant({ shards: 1, usedMemoryShare: 2 });
    pass(plant, 120);
    expect(plant.caches.warmShare()).toBe(0.5);
    expect(plant.caches.hitRate()).toBeLessThan(0.85);
    expect(newest(plant, 'Evictions', { ReplicationGroupId: 'sessions' })).toBeGreaterThan(1000);
    expect(
      newest(plant, 'DatabaseMemoryUsagePercentage', { ReplicationGroupId: 'sessions', Role: 'Primary' }),
    ).toBeGreaterThan(95);
  });

  it('dips a little while slots move, carries its keys to the new shards, and the load is spread over more', () => {
    const plant = aPlant({ shards: 2, replicas: 0, readsPerNode: 1000 });
    pass(plant, 120);
    const group = { ReplicationGroupId: 'sessions', Role: 'Primary' };
    const cpu = newest(plant, 'EngineCPUUtilization', group) ?? 0;
    expect(plant.caches.setShards('sessions', 4, []).kind).toBe('accepted');
    pass(plant, 480);
    expect(plant.caches.hitRate()).toBeCloseTo(0.97, 2);
    pass(plant, 900);
    expect(plant.caches.hitRate()).toBe(1);
    expect(newest(plant, 'EngineCPUUtilization', group)).toBeCloseTo(cpu / 2, 1);
    expect(
      newest(plant, 'DatabaseMemoryUsagePercentage', { CacheClusterId: 'sessions-0004-001' }),
    ).toBeCloseTo(25, -1);
  });

  it('answers nothing for a moment when a change of the node type ends', () => {
    const ladder = {
      kind: 'elasticache-node-type',
      replicationGroup: 'sessions',
      ladder: ['cache.t4g.small', 'cache.t4g.medium'],
      immediate: true,
    } as const;
    const plant = createPlant({
      policies: [aCachePolicy(ladder)],
      workload: WORKLOAD,
      loadModel: LOAD_MODEL,
      start: CACHE_START,
      seed: 1,
    });
    plant.caches.setNodeType('sessions', 'cache.t4g.medium');
    let seconds = 0;
    for (; plant.caches.hitRate() > 0; seconds += 1) pass(plant, 1);
    expect(seconds).toBeGreaterThanOrEqual(600);
    expect(seconds).toBeLessThanOrEqual(1200);
    pass(plant, 5);
    expect(plant.caches.hitRate()).toBe(1);
  });

  it('reports a node from its first minute on, by both dimensions, and no longer when it is gone', () => {
    const plant = aPlant({ replicas: 1, multiAz: false }, REPLICAS);
    const node = { CacheClusterId: 'sessions-003', CacheNodeId: '0001' };
    expect(newest(plant, 'EngineCPUUtilization', { CacheClusterId: 'sessions-002' })).toBeGreaterThan(0);
    plant.caches.setReplicas('sessions', 2, 'increase');
    pass(plant, 240);
    expect(newest(plant, 'CacheHits', node)).toBeUndefined();
    pass(plant, 600);
    // A third of 1,000 reads a second, over a minute.
    expect(newest(plant, 'CacheHits', node)).toBeCloseTo(20_000, -2);
    expect(newest(plant, 'CacheHitRate', { CacheClusterId: 'sessions-003' })).toBeCloseTo(100);
    plant.caches.setReplicas('sessions', 0, 'decrease');
    pass(plant, 600);
    expect(newest(plant, 'CacheHits', node)).toBeUndefined();
    expect(shardsOf(plant)[0]?.nodes.map(({ id, role }) => [id, role])).toEqual([
      ['sessions-001', 'primary'],
    ]);
  });

  it('tells EventBridge of every accepted call, in the words of CloudTrail', () => {
    const plant = aPlant({ replicas: 1 }, REPLICAS);
    plant.caches.setReplicas('sessions', 2, 'increase');
    const events: PlantEvent[] = [...plant.advanceTo(plusSeconds(plant.now(), 1))];
    expect(events).toMatchObject([
      {
        'detail-type': 'AWS API Call via CloudTrail',
        source: 'aws.elasticache',
        detail: {
          eventSource: 'elasticache.amazonaws.com',
          eventName: 'IncreaseReplicaCount',
          requestParameters: { replicationGroupId: 'sessions', newReplicaCount: 2, applyImmediately: true },
          responseElements: { replicationGroupId: 'sessions', status: 'modifying' },
        },
      },
    ]);
  });

  it('has the same luck with the same seed', () => {
    const seconds = (seed: number): number => {
      const plant = aPlant({ shards: 2 }, SHARDS, seed);
      plant.caches.setShards('sessions', 3, []);
      const began = plant.now();
      while (shardsOf(plant).some(({ status }) => status !== 'available')) pass(plant, 1);
      return (plant.now() - began) / 1000;
    };
    expect(seconds(1)).toBe(seconds(1));
    expect(new Set([1, 2, 3, 4].map(seconds)).size).toBeGreaterThan(1);
  });

  it('knows only the groups that policies name', () => {
    expect(() => aPlant().caches.flush('nowhere')).toThrow(
      'the simulated account has no replication group nowhere',
    );
  });
});
