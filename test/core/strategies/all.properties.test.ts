import { expect, it } from 'vitest';
import type { MetricReading } from '../../../shared/core/capacity.ts';
import { metricsOf } from '../../../shared/core/policy-metrics.ts';
import type { Proposal } from '../../../shared/core/strategies/proposal.ts';
import { proposalsOf } from '../../../shared/core/strategies/propose.ts';
import type { SizeChange, StepScalingStrategy, Strategy } from '../../../shared/core/strategy.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aPolicy, aTargetTracking } from '../../support/a-policy.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { aResize, aState } from '../../support/a-state.ts';
import {
  aMetric,
  anExpression,
  aQueue,
  aStepScaling,
  aThreshold,
  divided,
} from '../../support/a-strategy.ts';
import { decideIn } from '../../support/deciding.ts';
import { fc } from '../../support/fast-check.ts';
import { NOW } from '../../support/now.ts';

const RUNS = { numRuns: 4000 };
const size = fc.nat({ max: 25 });
const scope = fc.constantFrom('average' as const, 'total' as const, 'independent' as const);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 3 });
const whenMissing = fc.constantFrom('missing' as const, 'missing' as const, 'zero' as const);
const threshold = fc.constantFrom(20, 40, 60, 80);

const change: fc.Arbitrary<SizeChange> = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map((value) => ({ kind: 'units', value }) as const),
  fc.integer({ min: 1, max: 120 }).map((value) => ({ kind: 'percent', value }) as const),
  size.map((value) => ({ kind: 'exact', value }) as const),
);
const rule = fc.record({ threshold, forSeconds: fc.constantFrom(0, 60, 300), change });

const steps = (sign: 1 | -1) =>
  fc
    .tuple(threshold, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
    .map(([at, near, far]) => ({
      threshold: at,
      steps:
        sign === 1
          ? [
              { lower: 0, upper: 10, adjustment: near },
              { lower: 10, upper: null, adjustment: far },
            ]
          : [
              { lower: -10, upper: 0, adjustment: 0 - near },
              { lower: null, upper: -10, adjustment: 0 - far },
            ],
    }));

const adjusting = fc.constantFrom<StepScalingStrategy['adjustmentType'][]>(
  'ChangeInCapacity',
  'PercentChangeInCapacity',
);

/** One strategy of each kind, on metrics of its own. */
const anyStrategies: fc.Arbitrary<readonly Strategy[]> = whenMissing.chain((missing) => {
  const metric = (id: string) => aMetric({ id, label: id, whenMissing: missing });
  const memory = { metric: metric('memory'), above: 80, below: 40 };
  const execution = { kind: 'metric', metric: metric('execution') } as const;
  const step = fc
    .record({ adjustmentType: adjusting, scope, out: orNull(steps(1)), in: orNull(steps(-1)) })
    .map((given) => aStepScaling({ ...given, metric: metric('step') }));
  const sustained = fc
    .record({ scope, out: orNull(rule), in: orNull(rule) })
    .map((given) => aThreshold({ ...given, metric: metric('threshold') }));
  const queue = fc
    .record({
      memory: orNull(fc.constant(memory)),
      measured: fc.boolean(),
      activation: fc.constantFrom(0, 30),
    })
    .map(({ measured, ...given }) =>
      aQueue({
        ...given,
        metric: metric('queue'),
        backlogPerWorker: measured
          ? { kind: 'latency', targetLatencySeconds: 60, concurrency: 2, execution }
          : { kind: 'fixed', messages: 7 },
        in: { queueLength: 30, idleSeconds: 120 },
      }),
    );
  const formula = divided({ op: 'metric', id: 'a' }, { op: 'metric', id: 'b' });
  const expression = anExpression({ metrics: [metric('a'), metric('b')], source: 'a / b', formula });
  const tracking = aTargetTracking({ metric: metric('cpu') });
  return fc
    .tuple(step, sustained, queue, fc.constant(expression), fc.constant(tracking))
    .chain((all) => fc.subarray<Strategy>([...all], { minLength: 1 }));
});

const METRICS = ['step', 'threshold', 'queue', 'memory', 'execution', 'a', 'b', 'cpu'];

const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 120 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1e9, 0.001) },
);

const reading: fc.Arbitrary<MetricReading> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        now: value,
        before: fc.array(fc.tuple(fc.integer({ min: 1, max: 7 }), value), { maxLength: 7 }),
      })
      .map(({ now, before }) => ({
        kind: 'value' as const,
        value: now,
        at: plusSeconds(NOW, -60),
        earlier: before.map(([back, old]) => ({ at: plusSeconds(NOW, -60 * (back + 1)), value: old })),
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('no-data' as const, 'stale' as const, 'read-failed' as const)
      .map((reason) => ({ kind: 'missing' as const, reason, detail: 'drawn' })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        drawn: fc.constantFrom(Number.NaN, -1, Number.POSITIVE_INFINITY, 5),
        late: fc.integer({ min: -900, max: 300 }),
      })
      .map(({ drawn, late }) => ({ kind: 'value' as const, value: drawn, at: plusSeconds(NOW, late) })),
  },
  {
    weight: 1,
    arbitrary: fc.array(value, { maxLength: 4 }).map((values) => ({
      kind: 'samples' as const,
      at: NOW,
      samples: values.map((drawn, index) => ({ unit: `unit-${index}`, value: drawn })),
    })),
  },
);

const resizes = fc
  .record({ from: size, to: size, base: orNull(size) })
  .map(({ base, ...given }) => aResize({ ...given, ...(base === null ? {} : { base }) }));

const anyGiven = fc
  .record({
    strategies: anyStrategies,
    min: fc.nat({ max: 3 }),
    capacity: fc.record({ desired: size, running: size, ready: size }),
    metrics: fc.dictionary(fc.constantFrom(...METRICS), reading, { minKeys: 5, maxKeys: METRICS.length }),
    state: fc.record({
      resize: orNull(resizes),
      lastOut: orNull(
        fc
          .record({ ago: fc.nat({ max: 120 }), from: size, to: size })
          .map(({ ago, ...sizes }) => ({ at: plusSeconds(NOW, 0 - ago), ...sizes })),
      ),
    }),
  })
  .map(({ strategies, min, capacity, metrics, state }) => ({
    policy: aPolicy({ strategies, bounds: { min, max: 20 } }),
    snapshot: aSnapshot({ ...capacity, metrics }),
    state: aState({ ...state, ...(state.resize === null ? {} : { resize: state.resize }) }),
  }));

it('a decision stays in the bounds, goes the way of its wish, and cuts nothing while a metric is missing', () => {
  fc.assert(
    fc.property(anyGiven, (given) => {
      const decision = decideIn(given);
      if (decision.kind === 'hold') return;
      expect(Number.isInteger(decision.to)).toBe(true);
      expect(decision.to).toBeGreaterThanOrEqual(given.policy.bounds.min);
      expect(decision.to).toBeLessThanOrEqual(given.policy.bounds.max);
      if (decision.cause !== 'policy' || decision.wish === null) return;
      expect(Math.sign(decision.to - decision.from)).toBe(Math.sign(decision.wish - decision.from));
      if (decision.direction === 'in')
        expect(decision.trace.some(({ step }) => step === 'missing')).toBe(false);
    }),
    RUNS,
  );
});

it('every proposal is plain JSON, so that a receipt of it replays to the same bytes', () => {
  fc.assert(
    fc.property(anyGiven, (given) => {
      const decision = decideIn(given);
      expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
      expect(JSON.stringify(decideIn(given))).toBe(JSON.stringify(decision));
    }),
    RUNS,
  );
});

function expectSound(proposal: Proposal, read: readonly string[]): void {
  if (proposal.kind === 'blind') expect([...read, proposal.from]).toContain(proposal.step.metric);
  if (proposal.kind !== 'wish') return;
  expect(Number.isInteger(proposal.wish) && proposal.wish >= 0).toBe(true);
  expect(proposal.wish).toBe(proposal.step.wish);
  for (const { metric } of proposal.missing ?? []) expect(read).toContain(metric);
}

it('a wish is a whole number, zero or more, and every missing metric of a strategy is one that it reads', () => {
  fc.assert(
    fc.property(anyGiven, ({ policy, snapshot, state }) => {
      const size = state.resize?.to ?? snapshot.capacity.desired;
      const proposals = proposalsOf(policy, { snapshot, state, size, min: 0, now: NOW });
      for (const [index, strategy] of policy.strategies.entries()) {
        const [proposal] = proposals.slice(index);
        if (proposal !== undefined)
          expectSound(
            proposal,
            metricsOf(strategy).map(({ id }) => id),
          );
      }
      expect(proposals).toHaveLength(policy.strategies.length);
    }),
    RUNS,
  );
});
