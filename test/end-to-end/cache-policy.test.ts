import { afterAll, beforeAll, expect, it } from 'vitest';
import { handleAccountEvent } from '../../functions/local/account-events.ts';
import { type LocalAccount, openLocalAccount } from '../../functions/local/local-account.ts';
import { composeLocalController, type LocalController } from '../../functions/local/local-controller.ts';
import { Tally } from '../../functions/local/tally.ts';
import { SILENT_TELEMETRY } from '../../shared/adapters/memory/silent-telemetry.ts';
import type { Decision } from '../../shared/core/decision.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { type Instant, plusSeconds, secondsBetween } from '../../shared/core/time.ts';
import { createPlant, type Plant } from '../../shared/simulation/plant.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import type { Workload } from '../../shared/simulation/workload.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aCachePolicy, CACHE_START, SHARDS } from '../support/a-cache.ts';
import { aTargetTracking } from '../support/a-policy.ts';

const MINUTES = 120;
/** 1,000 reads a second; from minute 20 to 60 2,400; then 100. */
const loadAt = (at: Instant): number => {
  const minutes = secondsBetween(CACHE_START, at) / 60;
  return minutes < 20 ? 1000 : minutes < 60 ? 2400 : 100;
};
const WORKLOAD: Workload = {
  start: CACHE_START,
  end: plusSeconds(CACHE_START, MINUTES * 60),
  loadAt,
  percentile: () => 2400,
};
/** The CPU of a node of every shard, as the preset `cpu` reads it. */
const byShard = (): Policy['strategies'] => {
  const tracking = aTargetTracking();
  const query = {
    kind: 'stat',
    namespace: 'AWS/ElastiCache',
    name: 'EngineCPUUtilization',
    dimensions: {},
    stat: 'Average',
  } as const;
  return [
    { ...tracking, target: 60, metric: { ...tracking.metric, query, unitDimension: 'CacheClusterId' } },
  ];
};
const POLICY = aCachePolicy(SHARDS, {
  evaluation: 'everyMinute',
  resizeTimeoutSeconds: 3600,
  strategies: byShard(),
});

const clock = new VirtualClock(CACHE_START);
const decisions: Decision[] = [];
const problems: string[] = [];
const settled: string[] = [];
let plant: Plant;
let account: LocalAccount;
let controller: LocalController;

beforeAll(async () => {
  plant = createPlant({
    policies: [POLICY],
    workload: WORKLOAD,
    loadModel: { readsPerLoad: 1, writesPerLoad: 0, connectionsPerTask: 0, queriesPerNode: 1 },
    caches: { sessions: { shards: 2, replicas: 0, readsPerNode: 1000, usedMemoryShare: 0.6 } },
    start: CACHE_START,
    seed: 1,
  });
  account = await openLocalAccount(plant, new Tally());
  controller = await composeLocalController({
    policies: [POLICY],
    clock,
    place: {
      endpoint: account.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
    telemetry: {
      ...SILENT_TELEMETRY,
      decided: ({ decision }) => decisions.push(decision),
      settled: (_target, outcome) => settled.push(outcome),
      problem: (message, fields) => problems.push(`${message} ${JSON.stringify(fields)}`),
    },
    sinks: [],
  });
}, 60_000);
afterAll(async () => {
  controller.close();
  await account.close();
});

const shards = (): number => {
  const answer = plant.caches.describe('sessions');
  return answer.kind === 'accepted' ? answer.value.shards.length : 0;
};

it('grows a cache by its CPU, and shrinks it only as far as the memory of fewer shards holds the data', async () => {
  const seen: number[] = [];
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    const now = plusSeconds(CACHE_START, minute * 60 + 10);
    for (const event of plant.advanceTo(now)) await handleAccountEvent(controller.deps, event);
    clock.advanceTo(now);
    await sweepTargets(controller.deps, now);
    if (seen.at(-1) !== shards()) seen.push(shards());
  }

  // 100 % at two shards, 60 % at four; 1.2 shards full of data fill two shards to 60 %, and one not at all.
  expect(seen).toEqual([2, 4, 2]);
  const resizes = decisions.flatMap((decision) => (decision.kind === 'resize' ? [decision] : []));
  expect(resizes.map(({ from, to }) => [from, to])).toEqual([
    [2, 4],
    [4, 2],
  ]);
  expect(resizes.at(-1)).toMatchObject({ wish: 1, limitedBy: 'resource-limit' });
  expect(decisions.at(-1)).toMatchObject({ kind: 'hold', reason: 'resource-limit', size: 2 });
  expect(settled).toEqual(['completed', 'completed']);
  expect(problems).toEqual([]);
}, 60_000);
