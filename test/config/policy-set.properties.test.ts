import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { deserializePolicies, serializePolicies } from '../../shared/config/compiled-policies.ts';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { formatProblem } from '../../shared/config/problem.ts';
import { alarmsFor } from '../../shared/core/alarms.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { policyMetrics } from '../../shared/core/policy-metrics.ts';
import type { StepRule, Strategy } from '../../shared/core/strategy.ts';
import { fc } from '../support/fast-check.ts';

const parse = (text: string) => parsePolicySet([{ path: 'p.yaml', text }]);

/** Mostly the first, sometimes the second. */
const mostly = <T, U>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<U>) =>
  fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: bad });
const size = fc.integer({ min: -1, max: 30 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const sensitivity = fc.record({
  datapoints: mostly(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 6 })),
  of: maybe(mostly(fc.integer({ min: 3, max: 6 }), fc.constant(1))),
});

const metric = fc.oneof(
  fc.record({
    preset: fc.constantFrom('cpu', 'memory'),
    periodSeconds: maybe(mostly(fc.constantFrom(10, 20, 60, 300), fc.constant(45))),
  }),
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'c', 'A'),
    namespace: fc.constant('N'),
    name: fc.constant('M'),
    unit: maybe(fc.string()),
  }),
);

const tracking = fc.record({
  type: fc.constant('target-tracking'),
  target: mostly(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 1000 })),
  metric,
  scope: mostly(maybe(fc.constant('average')), fc.constant('total')),
  tolerance: maybe(
    fc.record({
      out: fc.double({ min: 0, max: 2, noNaN: true }),
      in: fc.double({ min: 0, max: 1.1, noNaN: true }),
    }),
  ),
  alarms: maybe(fc.record({ out: maybe(sensitivity), in: maybe(sensitivity) })),
});

const bound = fc.option(
  fc.integer({ min: -2, max: 3 }).map((tens) => tens * 10),
  { nil: undefined },
);
/** Steps that fit each other, mostly. */
const steps = mostly(
  fc.constantFrom(
    [{ metricIntervalLowerBound: 0, scalingAdjustment: 2 }],
    [
      { metricIntervalLowerBound: 10, scalingAdjustment: 2 },
      { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 },
    ],
  ),
  fc.array(
    fc.record({
      metricIntervalLowerBound: bound,
      metricIntervalUpperBound: bound,
      scalingAdjustment: fc.integer({ min: -1, max: 3 }),
    }),
    { maxLength: 3 },
  ),
);

const step = fc.record({
  type: fc.constant('step'),
  metric,
  adjustmentType: fc.constantFrom('ChangeInCapacity', 'PercentChangeInCapacity'),
  scaleOut: fc.record({ threshold: mostly(fc.integer({ min: 40, max: 90 }), fc.integer()), steps }),
  scaleIn: maybe(
    fc.record({
      threshold: mostly(fc.integer({ min: 5, max: 30 }), fc.integer()),
      steps: fc.constant([{ metricIntervalUpperBound: 0, scalingAdjustment: -1 }]),
    }),
  ),
});

const threshold = fc.record({
  type: fc.constant('threshold'),
  metric,
  scaleOut: maybe(
    fc.record({
      above: mostly(fc.integer({ min: 40, max: 90 }), fc.integer()),
      for: maybe(mostly(fc.constantFrom('5m', '90s', '1d'), fc.constantFrom('2d', '5', 'soon'))),
      change: mostly(fc.constantFrom(1, '+2', '+50%', { exact: 9 }), fc.constantFrom(0, -1, '1.5', 'x', {})),
    }),
  ),
  scaleIn: maybe(
    fc.record({
      below: mostly(fc.integer({ min: 5, max: 30 }), fc.integer()),
      change: mostly(fc.constantFrom(-1, '-10%'), fc.constantFrom(1, '-200%')),
    }),
  ),
});

const queue = fc.record({
  type: fc.constant('queue'),
  queueLength: fc.constant({ preset: 'queue-length', queueName: 'q' }),
  backlogPerWorker: mostly(
    fc.constantFrom<unknown>(10, { targetLatencySeconds: 60, executionSeconds: 3 }),
    fc.constantFrom<unknown>(0, { targetLatencySeconds: 1, executionSeconds: 3 }, {}),
  ),
  scaleIn: mostly(
    fc.constant({ queueLength: 5 }),
    fc.constant({ queueLength: 5, idle: '1m', idleSeconds: 60 }),
  ),
});

const expression = fc.record({
  type: fc.constant('expression'),
  metrics: fc.constant([{ id: 'm', namespace: 'N', name: 'M' }]),
  desired: mostly(
    fc.constantFrom('ceil(m / 10)', 'm > 5 ? size + 1 : ready', '-m % 3 + max(1, m)'),
    fc.oneof(fc.constantFrom('m / 0', 'n', 'm.x', 'm(1)', ''), fc.string({ maxLength: 12 })),
  ),
});

const strategy = fc.oneof({ weight: 3, arbitrary: tracking }, step, threshold, queue, expression);

/** Documents that are good or bad in the ways in which people err. */
const document = fc.record({
  apiVersion: fc.constant('plimsoll/v1'),
  kind: fc.constant('ScalingPolicy'),
  metadata: fc.record({ name: fc.constantFrom('web', 'web', 'api.v2', 'api', 'Web') }),
  spec: fc.record({
    target: fc.constant({ kind: 'ecs-service', cluster: 'prod', service: 'web' }),
    bounds: mostly(
      fc.record({ min: fc.integer({ min: 0, max: 9 }), max: fc.integer({ min: 9, max: 30 }) }),
      fc.record({ min: size, max: size }),
    ),
    strategies: fc.array(strategy, { minLength: 1, maxLength: 2 }),
    cooldowns: maybe(fc.record({ outSeconds: maybe(fc.nat(99)), inSeconds: maybe(size) })),
    missingData: maybe(fc.record({ fallback: maybe(fc.record({ size: mostly(fc.constant(9), size) })) })),
  }),
});

function expectSoundStrategy(strategy: Strategy): void {
  if (strategy.kind === 'target-tracking') expect(strategy.target).toBeGreaterThan(0);
  if (strategy.kind !== 'step' && strategy.kind !== 'threshold') return;
  const { out, in: inside, alarms } = strategy;
  expect(out ?? inside).not.toBeNull();
  expect(inside?.threshold ?? Number.NEGATIVE_INFINITY).toBeLessThan(
    out?.threshold ?? Number.POSITIVE_INFINITY,
  );
  expect(out !== null || alarms.out === null).toBe(true);
  expect(inside !== null || alarms.in === null).toBe(true);
  if (strategy.kind === 'step') for (const rule of [strategy.out, strategy.in]) expectNoGap(rule);
}

/** Each step ends where the next one begins, and the outermost ones have no end. */
function expectNoGap(rule: StepRule | null): void {
  const seams = rule?.steps.map(({ upper }, index) => [upper, rule.steps[index + 1]?.lower ?? null]) ?? [];
  for (const [end, begin] of seams.slice(0, -1)) expect(end).toBe(begin);
}

function expectSound(policy: Policy): void {
  const { min, max } = policy.bounds;
  expect(min).toBeGreaterThanOrEqual(0);
  expect(max).toBeGreaterThanOrEqual(Math.max(1, min));
  if (policy.fallback !== null) {
    expect(policy.fallback.size).toBeGreaterThanOrEqual(min);
    expect(policy.fallback.size).toBeLessThanOrEqual(max);
  }
  const names = alarmsFor(policy).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const alarm of alarmsFor(policy)) {
    expect(alarm.name.length).toBeLessThanOrEqual(255);
    expect(Number.isFinite(alarm.threshold)).toBe(true);
    expect(alarm.datapointsToAlarm).toBeLessThanOrEqual(alarm.evaluationPeriods);
    expect(alarm.evaluationPeriods * alarm.periodSeconds).toBeLessThanOrEqual(
      alarm.periodSeconds < 3600 ? 86_400 : 604_800,
    );
  }
  for (const spec of policyMetrics(policy)) {
    expect(spec.staleAfterSeconds).toBeGreaterThanOrEqual(2 * spec.periodSeconds);
  }
  for (const strategy of policy.strategies) expectSoundStrategy(strategy);
  const bundle = { policies: [policy], applications: [] };
  expect(deserializePolicies(serializePolicies(bundle))).toEqual(bundle);
}

describe('a set of policies', () => {
  it('holds only sound policies, whatever was written', () => {
    let accepted = 0;
    fc.assert(
      fc.property(document, (value) => {
        const { policies, problems } = parse(stringify(value));
        expect(policies.length > 0).toBe(problems.length === 0);
        accepted += policies.length;
        for (const policy of policies) expectSound(policy);
      }),
      { numRuns: 500, seed: 1 },
    );
    // The property says nothing unless a fair share gets through.
    expect(accepted).toBeGreaterThan(20);
  });

  const seeds = [
    'web.yaml',
    'api.yaml',
    'checkout.yaml',
    'examples/expression.yaml',
    'examples/step-scaling.yaml',
    'examples/workers.yaml',
    'examples/several-metrics.yaml',
    'examples/schedule.yaml',
    'examples/incident.yaml',
    'examples/guardrails.yaml',
    'examples/hpa/resource-quota.yaml',
    'examples/hpa/bindings.yaml',
  ].map((path) => readFileSync(new URL(`../../policies/${path}`, import.meta.url), 'utf8'));
  const junk = fc.oneof(
    fc.constantFrom(
      '\t',
      '\n',
      ': ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&a ',
      '*a',
      '!!set ',
      '<<: *a',
      '---\n',
      '\u0000',
      '|',
      '? ',
      '%YAML 9\n',
      '__proto__: 1\n',
      '9'.repeat(400),
      '.inf',
      '0x1F',
      '~',
      '\uFEFF',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );

  it('answers any damage to a file with problems at places in it, and never throws', () => {
    const mutation = fc.record({ at: fc.nat(3000), cut: fc.nat(12), insert: junk });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(mutation, { maxLength: 6 }), (text, mutations) => {
        const damaged = mutations.reduce(
          (before, { at, cut, insert }) =>
            before.slice(0, at % before.length) + insert + before.slice((at % before.length) + cut),
          `${text}\n`,
        );
        const { policies, problems } = parse(damaged);
        for (const policy of policies) expectSound(policy);
        for (const problem of problems) {
          expect(formatProblem(problem)).toMatch(/^p\.yaml:\d+:\d+ [^\n]+: [^\n]+ \([^\n]+\)$/);
        }
      }),
      { numRuns: 1500, seed: 7 },
    );
  });
});
