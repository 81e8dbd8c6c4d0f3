import { describe, expect, it } from 'vitest';
import { loadPolicies } from '../../shared/config/load-policies.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { targetId } from '../../shared/core/target.ts';
import { type Instant, instant, plusSeconds } from '../../shared/core/time.ts';
import { constantWorkload } from '../../shared/simulation/workload.ts';
import { isOwnersMinute } from '../../shared/usecases/find-owners.ts';
import { isInSlice, SLOW_PASS_MINUTES } from '../../shared/usecases/slow-pass.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aLine, type Calls } from './a-line.ts';

const START = instant(Date.UTC(2026, 10, 20, 22, 0, 0));
const HOURS = 8;
const END = plusSeconds(START, HOURS * 3600);
/** First looks at everything, and until the alarms have settled. */
const CALM = plusSeconds(START, 20 * 60);
const TIMEOUT = 120_000;

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];

const isTick = (at: Instant): boolean => at % 60_000 === 0;

interface Step {
  readonly at: Instant;
  readonly calls: Calls;
}

/** The calls of every step once all is calm. */
async function aNight(policies: readonly Policy[], load: number, unitCapacity: number) {
  const workload = constantWorkload(load, START, END);
  const line = await aLine({ policies, workload, unitCapacity });
  const steps: readonly Step[] = await line.replayTo(END);
  const calm = steps.filter(({ at }) => at > CALM);
  return { ...line, calm, ticks: calm.filter(({ at }) => isTick(at)) };
}

describe('a night with a constant low load', () => {
  it(
    'costs one call a tick: no metric is read and nothing is written',
    async () => {
      const { policies } = await loadPolicies(['policies']);
      const { plant, problems, calm, ticks } = await aNight(policies, 100, 200);

      expect(ticks).toHaveLength(HOURS * 60 - 20);
      expect(calm.filter(({ at, calls }) => !isTick(at) && Object.keys(calls).length > 0)).toEqual([]);
      for (const { at, calls } of ticks) {
        const inSlice = policies.some((policy) => isInSlice(policy, at));
        // The slow pass looks at what exists, once for all targets of this minute, and once in 15 minutes at who else scales them.
        const asksOwners = isOwnersMinute(at);
        expect(calls, new Date(at).toISOString()).toEqual({
          Query: 1,
          ...((inSlice || asksOwners) && { BatchGetItem: 1 }),
          ...(inSlice && { DescribeServices: 1 }),
          ...(asksOwners && { DescribeScalableTargets: 1 }),
        });
      }
      expect(problems).toEqual([]);
      for (const { name, bounds } of policies) {
        expect(plant.targets().find(({ policy }) => policy === name)?.service.desired).toBe(bounds.min);
      }
    },
    TIMEOUT,
  );

  it('looks at every target once in a slow pass', async () => {
    const { policies } = await loadPolicies(['policies']);
    for (const policy of policies) {
      const minutes = Array.from({ length: SLOW_PASS_MINUTES }, (_, minute) =>
        plusSeconds(START, minute * 60),
      );
      expect(
        minutes.filter((at) => isInSlice(policy, at)),
        targetId(policy.target),
      ).toHaveLength(1);
    }
  });
});

describe('a night with a constant load above the minimum', () => {
  it(
    'lets a target on its target value sleep as well',
    async () => {
      // Ten tasks at 70 %: between the thresholds of both alarms.
      const { decided, ticks } = await aNight([aPolicy()], 1000, 100);
      const asked = ticks.filter(({ calls }) => 'GetMetricData' in calls);
      expect(asked).toEqual([]);
      expect(decided.at(-1)?.decision).toMatchObject({ kind: 'hold', size: 10, reason: 'within-tolerance' });
    },
    TIMEOUT,
  );

  it(
    'writes nothing even where a target stays awake because its low alarm is red for good',
    async () => {
      // Three tasks at 60 %: two would not carry it (2.57), so the alarm on scale-in never goes back to OK.
      const { decided, ticks } = await aNight([aPolicy({ bounds: { min: 1 } })], 257, 100);
      expect(decided.at(-1)?.decision).toMatchObject({ kind: 'hold', size: 3, reason: 'at-desired' });
      const written = ticks.filter(({ calls }) => WRITES.some((operation) => operation in calls));
      expect(written).toEqual([]);
    },
    TIMEOUT,
  );
});
