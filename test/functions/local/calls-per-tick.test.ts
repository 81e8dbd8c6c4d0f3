import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalAccount } from '../../../functions/local/local-account.ts';
import { composeLocalController, type LocalController } from '../../../functions/local/local-controller.ts';
import { Tally } from '../../../functions/local/tally.ts';
import { SILENT_TELEMETRY } from '../../../shared/adapters/memory/silent-telemetry.ts';
import { fingerprint } from '../../../shared/core/fingerprint.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { targetId } from '../../../shared/core/target.ts';
import { instant, plusSeconds } from '../../../shared/core/time.ts';
import { firstSight } from '../../../shared/core/transitions.ts';
import { createPlant } from '../../../shared/simulation/plant.ts';
import { VirtualClock } from '../../../shared/simulation/virtual-clock.ts';
import { constantWorkload } from '../../../shared/simulation/workload.ts';
import { eachOf } from '../../../shared/usecases/each-of.ts';
import { isInSlice } from '../../../shared/usecases/slow-pass.ts';
import { sweepTargets } from '../../../shared/usecases/sweep-targets.ts';
import { aPolicy, aTargetTracking } from '../../support/a-policy.ts';

const TARGETS = 1000;
const WIDTH = 16;
const SIZE = 4;
const START = instant(Date.UTC(2026, 10, 20, 2, 0, 0));

const serviceNumber = (index: number): Policy => {
  const service = `svc-${index}`;
  const tracking = aTargetTracking();
  const dimensions = { ClusterName: 'prod', ServiceName: service };
  return aPolicy({
    name: service,
    target: { kind: 'ecs-service', cluster: 'prod', service },
    evaluation: 'everyMinute',
    strategies: [
      {
        ...tracking,
        metric: {
          ...tracking.metric,
          query: { kind: 'stat', namespace: 'AWS/ECS', name: 'CPUUtilization', stat: 'Average', dimensions },
        },
      },
    ],
  });
};

const policies = Array.from({ length: TARGETS }, (_, index) => serviceNumber(index));
const clock = new VirtualClock(START);
const counted: Record<string, number> = {};
const tally = new Tally();
let controller: LocalController;
let close: () => Promise<void>;

beforeAll(async () => {
  const workload = constantWorkload(SIZE, START, plusSeconds(START, 86_400));
  const plant = createPlant({ policies, workload, start: START, seed: 1, unitCapacity: 1 });
  const account = await openLocalAccount(plant, tally);
  tally.call = (operation) => {
    counted[operation] = (counted[operation] ?? 0) + 1;
  };
  controller = await composeLocalController({
    policies,
    clock,
    place: {
      endpoint: account.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
    telemetry: SILENT_TELEMETRY,
    sinks: [],
  });
  close = async () => {
    controller.close();
    await account.close();
  };
  await eachOf(policies, WIDTH, (policy) => remember(policy, 0, false), rethrow);
});
afterAll(() => close());

const rethrow = (_: unknown, error: unknown) => {
  throw error;
};

/** Writes the head of a target as a steady run would have left it. */
async function remember(policy: Policy, expectedVersion: number, awake: boolean): Promise<void> {
  const state = { ...firstSight(policy, SIZE, START), policy: fingerprint(policy), quietSince: START };
  await controller.deps.ledger.commit({
    target: targetId(policy.target),
    expectedVersion,
    state: { ...state, wakeAt: awake ? START : null },
    events: [],
  });
}

/** Wakes the first `awake` targets, puts the others to sleep, and starts counting. */
async function arrange(awake: number): Promise<void> {
  const heads = await controller.deps.ledger.load(policies.map(({ target }) => targetId(target)));
  const wrong = policies.filter((policy, index) => {
    const head = heads.get(targetId(policy.target));
    return (head?.state.wakeAt !== null) !== index < awake;
  });
  await eachOf(
    wrong,
    WIDTH,
    (policy) =>
      remember(policy, heads.get(targetId(policy.target))?.version ?? 0, policies.indexOf(policy) < awake),
    rethrow,
  );
  for (const operation of Object.keys(counted)) delete counted[operation];
}

describe('the AWS calls of one tick over 1,000 targets', () => {
  it.each([0, 1, 10, 1000])('are the design figure with %i awake', async (awake) => {
    await arrange(awake);
    // The slow pass looks at a slice of the sleeping ones, too.
    const slice = policies.slice(awake).filter((policy) => isInSlice(policy, clock.now())).length;

    const report = await sweepTargets(controller.deps);

    expect(report).toEqual({ due: awake, evaluated: awake, settled: 0, drifted: 0, failed: [] });
    const looked = awake + slice;
    expect(counted).toEqual({
      Query: 1,
      // The account's entry comes with the heads: one key more.
      ...(looked > 0 && {
        BatchGetItem: Math.ceil((looked + 1) / 100),
        DescribeServices: Math.ceil(looked / 10),
      }),
      ...(awake > 0 && { GetMetricData: Math.ceil(awake / 500) }),
    });
  });

  it('are one query when nobody is awake and no slice is due', async () => {
    const few = policies.slice(0, 3);
    const minute = Array.from({ length: 15 }, (_, index) => plusSeconds(START, index * 60)).find(
      (at) => !few.some((policy) => isInSlice(policy, at)),
    );
    expect(minute).toBeDefined();
    await arrange(0);
    clock.advanceTo(minute ?? START);
    const { policies: all } = controller.deps;
    await sweepTargets({ ...controller.deps, policies: { ...all, all: () => few } });
    expect(counted).toEqual({ Query: 1 });
  });
});
