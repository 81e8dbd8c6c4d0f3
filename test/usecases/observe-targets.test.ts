import { describe, expect, it } from 'vitest';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { targetId } from '../../shared/core/target.ts';
import type { Observation, PresentResource } from '../../shared/ports/capacity-target.ts';
import type { MetricRequest } from '../../shared/ports/metric-source.ts';
import { observeCapacity, observeMetrics } from '../../shared/usecases/observe-targets.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { someUnits } from '../support/a-unit.ts';
import { AWorld } from '../support/a-world.ts';
import { aReplicasTarget } from '../support/database-policies.ts';
import { NOW } from '../support/now.ts';

const { metric } = aTargetTracking();
const READERS = aPolicy({
  name: 'readers',
  target: aReplicasTarget(),
  strategies: [aTargetTracking({ metric: { ...metric, unitDimension: 'DBInstanceIdentifier' } })],
});
const WEB = aPolicy();
const READERS_ID = targetId(READERS.target);

const present = (overrides: Partial<PresentResource> = {}): Observation => ({
  kind: 'present',
  capacity: { desired: 2, running: 2, ready: 2, pending: 0 },
  deployment: 'none',
  units: someUnits(2),
  ...overrides,
});

/** What is asked of the metrics when this was seen. */
async function asked(seen: Observation | undefined, policies = [READERS, WEB]) {
  const requests: MetricRequest[] = [];
  const source = {
    read: async (all: readonly MetricRequest[]) => {
      requests.push(...all);
      return new Map();
    },
  };
  const observing = Promise.resolve(new Map(seen === undefined ? [] : [[READERS_ID, seen]]));
  await observeMetrics(source, policies, observing, NOW);
  return requests.map(({ units }) => units);
}

describe('the metrics of units', () => {
  it('are asked for of the units that were seen, beside those that are one for all', async () => {
    expect(await asked(present())).toEqual([someUnits(2).map(({ id }) => id), undefined]);
  });

  it('are asked for of what reports, where that is no unit: the nodes of a cache', async () => {
    expect(await asked(present({ metricUnits: ['n1', 'n2', 'n3'] }))).toEqual([
      ['n1', 'n2', 'n3'],
      undefined,
    ]);
  });

  it.each<[string, Observation | undefined]>([
    ['has none', present({ units: undefined })],
    ['is missing', { kind: 'missing', detail: 'gone' }],
    [
      'is unknown',
      { kind: 'unknown', error: new ControllerError('throttled', 'later', { retryable: true }) },
    ],
    ['was not looked at', undefined],
  ])('are asked for of nobody where the target %s', async (_what, seen) => {
    expect(await asked(seen)).toEqual([[], undefined]);
  });

  it('do not make the metrics of others wait for the look', async () => {
    const read: string[] = [];
    const source = {
      read: async (all: readonly MetricRequest[]) => {
        read.push(...all.map(({ key }) => key));
        return new Map();
      },
    };
    await observeMetrics(source, [WEB], new Promise(() => undefined), NOW);
    expect(read).toEqual(['ecs-service/prod/web#cpu']);
  });
});

describe('targets of several kinds', () => {
  it('are seen each through its own adapter, and one that fails leaves the others seen', async () => {
    const world = new AWorld([READERS, WEB]);
    const blind = new ControllerError('throttled', 'later', { retryable: true });
    const targets = {
      ...world.deps.targets,
      'rds-replicas': { ...world.deps.targets['rds-replicas'], describe: () => Promise.reject(blind) },
    };
    const seen = await observeCapacity({ ...world.deps, targets }, [READERS, WEB]);
    expect(seen.get(READERS_ID)).toEqual({ kind: 'unknown', error: blind });
    expect(seen.get(targetId(WEB.target))).toMatchObject({ kind: 'present' });
  });

  it('do not hide a fault of our own', async () => {
    const world = new AWorld([WEB]);
    const targets = {
      ...world.deps.targets,
      'ecs-service': {
        ...world.deps.targets['ecs-service'],
        describe: () => Promise.reject(new TypeError('a bug')),
      },
    };
    await expect(observeCapacity({ ...world.deps, targets }, [WEB])).rejects.toThrow('a bug');
  });
});
