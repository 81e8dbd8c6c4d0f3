import { expect, it, onTestFinished } from 'vitest';
import { handleAccountEvent } from '../../functions/local/account-events.ts';
import { openLocalAccount } from '../../functions/local/local-account.ts';
import { composeLocalController } from '../../functions/local/local-controller.ts';
import { Tally } from '../../functions/local/tally.ts';
import { SILENT_TELEMETRY } from '../../shared/adapters/memory/silent-telemetry.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { RESOURCE_TAGS, type TrafficEndpoint } from '../../shared/core/target.ts';
import { type Instant, plusSeconds, secondsBetween } from '../../shared/core/time.ts';
import { createPlant, type Plant } from '../../shared/simulation/plant.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aReplicasTarget, databasePolicies } from '../support/database-policies.ts';
import { clockTime } from '../support/now.ts';

const START = clockTime('10:00:00');
const { metric } = aTargetTracking();

/** CPU of every replica, or of all readers of a cluster together. */
const cpu = (dimensions: Readonly<Record<string, string>>, unitDimension?: string) =>
  aTargetTracking({
    metric: {
      ...metric,
      query: { kind: 'stat', namespace: 'AWS/RDS', name: 'CPUUtilization', dimensions, stat: 'Average' },
      ...(unitDimension === undefined ? {} : { unitDimension }),
    },
  });

const readersBehind = (endpoint: TrafficEndpoint): Policy =>
  aPolicy({
    name: 'readers',
    target: aReplicasTarget({
      maxLagSeconds: 30,
      leaving: { connections: 2, drainSeconds: 600 },
      endpoint,
    }),
    bounds: { min: 2, max: 6 },
    strategies: [cpu({}, 'DBInstanceIdentifier')],
    evaluation: 'everyMinute',
    resizeTimeoutSeconds: 3600,
  });
const LEDGER: readonly Policy[] = databasePolicies
  .filter(({ name }) => name === 'ledger')
  .map((policy) => ({
    ...policy,
    bounds: { min: 2, max: 6 },
    strategies: [cpu({ DBClusterIdentifier: 'ledger', Role: 'READER' })],
    resizeTimeoutSeconds: 3600,
  }));
/** Ten tasks that hold 20 connections each. */
const WEB = aPolicy({ name: 'web', bounds: { min: 10, max: 10 } });

/** 1,000 reads a second for each database; from minute 10 to 70 2,800; then 1,000 again. */
const loadAt = (at: Instant): number => {
  const minutes = secondsBetween(START, at) / 60;
  return minutes >= 10 && minutes < 70 ? 2800 : 1000;
};

/** A controller at work for so many minutes, and what came of it. */
async function run(endpoint: TrafficEndpoint, minutes: number) {
  const policies = [WEB, readersBehind(endpoint), ...LEDGER];
  const plant = createPlant({
    policies,
    workload: { start: START, end: plusSeconds(START, minutes * 60), loadAt, percentile: () => 2800 },
    loadModel: { readsPerLoad: 2, writesPerLoad: 0.1, connectionsPerTask: 20, queriesPerNode: 1000 },
    databases: { orders: { unmanagedReplicas: 1 } },
    start: START,
    seed: 1,
  });
  const clock = new VirtualClock(START);
  const problems: string[] = [];
  const settled: string[] = [];
  const account = await openLocalAccount(plant, new Tally());
  onTestFinished(() => account.close());
  const controller = await composeLocalController({
    policies,
    clock,
    place: {
      endpoint: account.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
    resolve: plant.databases.resolve,
    telemetry: {
      ...SILENT_TELEMETRY,
      settled: (target, outcome) => settled.push(`${target} ${outcome}`),
      problem: (message, fields) => problems.push(`${message} ${JSON.stringify(fields)}`),
    },
    sinks: [],
  });
  onTestFinished(() => controller.close());
  const seen: string[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    const now = plusSeconds(START, minute * 60 + 10);
    for (const event of plant.advanceTo(now)) await handleAccountEvent(controller.deps, event);
    clock.advanceTo(now);
    await sweepTargets(controller.deps, now);
    if (seen.at(-1) !== sizes(plant)) seen.push(sizes(plant));
  }
  return { ...plant.databases.views(), seen, settled, problems };
}

/** Replicas of `orders` and readers of `ledger`. */
const sizes = (plant: Plant): string =>
  ['orders', 'ledger']
    .map(
      (of) =>
        plant.databases.views().instances.filter((view) => view.of === of && view.role !== 'writer').length,
    )
    .join(' ');

it('grows replicas and readers with the load, hands reads only to those that are ready, and deletes only its own', async () => {
  const { total, deletions, instances, seen, settled, problems } = await run(
    { kind: 'route53', hostedZoneId: 'Z1', recordName: 'reader.orders.internal', ttlSeconds: 10 },
    150,
  );
  expect(total).toMatchObject({ neverReady: 0, failedReads: 0 });
  expect(total.notReady).toEqual({ unavailable: 0, lagging: 0, warming: 0, detached: 0 });
  expect(seen[0]).toBe('2 2');
  expect(seen.at(-1)).toBe('2 2');
  expect(Math.max(...seen.map((each) => Number(each.split(' ')[0])))).toBe(5);
  expect(instances.find(({ id }) => id === 'orders-replica-1')?.tags).toEqual({});
  for (const { tags, connections, at, replicaOf } of deletions) {
    expect(tags[RESOURCE_TAGS.managed]).toBe('true');
    const drained = (at - Date.parse(tags[RESOURCE_TAGS.leaving] ?? '')) / 1000;
    // The reader endpoint of Aurora goes on handing connections to a reader until it is deleted.
    if (replicaOf === null) expect(drained).toBeGreaterThanOrEqual(300);
    else expect(connections <= 2 || drained >= 600).toBe(true);
  }
  expect(deletions).toHaveLength(6);
  expect(settled.every((each) => each.endsWith(' completed'))).toBe(true);
  expect(problems).toEqual([]);
}, 120_000);

it('puts replicas into a target group when they are ready', async () => {
  const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/readers/0123456789abcdef';
  const { total, instances, problems } = await run({ kind: 'target-group', arn, port: 5432 }, 60);
  const replicas = instances.filter(({ role }) => role === 'replica');
  expect(replicas.length).toBeGreaterThanOrEqual(4);
  expect(replicas.every(({ inTraffic, unready }) => inTraffic && unready === null)).toBe(true);
  expect(total).toMatchObject({ neverReady: 0, failedReads: 0 });
  expect(problems).toEqual([]);
}, 120_000);
