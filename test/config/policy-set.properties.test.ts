import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { deserializePolicies, serializePolicies } from '../../shared/config/compiled-policies.ts';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { formatProblem } from '../../shared/config/problem.ts';
import { alarmsFor } from '../../shared/core/alarms.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { trackingOf } from '../support/a-policy.ts';

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

const strategy = fc.record({
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
  for (const { target, metric: spec } of [trackingOf(policy)]) {
    expect(target).toBeGreaterThan(0);
    expect(spec.staleAfterSeconds).toBeGreaterThanOrEqual(2 * spec.periodSeconds);
  }
  expect(deserializePolicies(serializePolicies([policy]))).toEqual([policy]);
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
