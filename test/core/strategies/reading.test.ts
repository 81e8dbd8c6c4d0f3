import { describe, expect, it, test } from 'vitest';
import type { MetricReading, MissingReason } from '../../../shared/core/capacity.ts';
import type { MetricScope } from '../../../shared/core/metric.ts';
import { blindTo, checkedReading, isUsable, readingOf } from '../../../shared/core/strategies/reading.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aMetric, aSeries, aSight } from '../../support/a-strategy.ts';
import { NOW } from '../../support/now.ts';

const read = (
  cpu: number | MissingReason | MetricReading,
  { scope = 'average', ...spec }: Parameters<typeof aMetric>[0] & { readonly scope?: MetricScope } = {},
) => readingOf(aMetric(spec), scope, aSight({ metrics: { cpu } }));

const stamped = (seconds: number, value = 50): MetricReading => ({
  kind: 'value',
  value,
  at: plusSeconds(NOW, seconds),
});

const samples = (...values: readonly number[]): MetricReading => ({
  kind: 'samples',
  at: NOW,
  samples: values.map((value, index) => ({ unit: `unit-${index}`, value })),
});

describe('a metric that can be used', () => {
  it('has its value, its time, and the datapoints before it', () => {
    expect(read(aSeries(50, 40))).toEqual({
      kind: 'value',
      value: 50,
      at: plusSeconds(NOW, -60),
      earlier: [{ at: plusSeconds(NOW, -120), value: 40 }],
    });
    expect(read(50)).toEqual({ kind: 'value', value: 50, at: NOW, earlier: [] });
  });

  test.each([
    { why: 'exactly as old as the limit', seconds: -360 },
    { why: 'stamped a minute ahead', seconds: 60 },
  ])('may be $why', ({ seconds }) => {
    expect(read(stamped(seconds)).kind).toBe('value');
  });
});

describe('a metric that cannot be used says why', () => {
  test.each<{ why: string; reading: number | MetricReading; reason: MissingReason; detail: string }>([
    { why: 'no number', reading: Number.NaN, reason: 'not-a-number', detail: 'the value is NaN' },
    {
      why: 'beyond the numbers',
      reading: Number.POSITIVE_INFINITY,
      reason: 'not-a-number',
      detail: 'the value is Infinity',
    },
    {
      why: 'beyond them on the other side',
      reading: Number.NEGATIVE_INFINITY,
      reason: 'not-a-number',
      detail: 'the value is -Infinity',
    },
    { why: 'negative', reading: -1, reason: 'negative', detail: 'the value is -1' },
    { why: 'from the future', reading: stamped(61), reason: 'future', detail: 'it is of 61 s ahead' },
    {
      why: 'stale',
      reading: stamped(-361),
      reason: 'stale',
      detail: 'it is 301 s old; the limit is 300 s',
    },
    { why: 'without units', reading: samples(), reason: 'no-data', detail: 'no unit reported a value' },
    {
      why: 'with a unit that reports no number',
      reading: samples(50, Number.NaN),
      reason: 'not-a-number',
      detail: 'the value is NaN',
    },
    {
      why: 'with a unit that reports less than nothing',
      reading: samples(-2, 50),
      reason: 'negative',
      detail: 'the value is -2',
    },
    {
      why: 'with stale units',
      reading: { ...samples(50), at: plusSeconds(NOW, -3600) } as MetricReading,
      reason: 'stale',
      detail: 'it is 3540 s old; the limit is 300 s',
    },
  ])('$why', ({ reading, reason, detail }) => {
    expect(read(reading)).toEqual({ kind: 'missing', reason, detail });
  });

  it('counts the age from the end of a period, however long', () => {
    expect(read(stamped(-3900), { periodSeconds: 3600 }).kind).toBe('value');
    expect(read(stamped(-3901), { periodSeconds: 3600 })).toMatchObject({ reason: 'stale' });
  });

  it('never read', () => {
    expect(readingOf(aMetric(), 'total', aSight({ metrics: {} }))).toEqual({
      kind: 'missing',
      reason: 'read-failed',
      detail: 'the metric was not read',
    });
  });

  test.each<{ scope: MetricScope; desired: number; reason: string | undefined }>([
    { scope: 'average', desired: 4, reason: 'no-units-ready' },
    { scope: 'average', desired: 0, reason: undefined },
    { scope: 'total', desired: 4, reason: undefined },
    { scope: 'independent', desired: 4, reason: undefined },
  ])('an average while nobody serves: $scope at a size of $desired', ({ scope, desired, reason }) => {
    const reading = readingOf(aMetric(), scope, aSight({ desired, running: 0, metrics: { cpu: 50 } }));
    expect(reading.kind === 'missing' ? reading.reason : undefined).toBe(reason);
  });
});

describe('a metric that disappeared', () => {
  const zeros = (count: number) =>
    Array.from({ length: count }, (_, back) => ({ at: plusSeconds(NOW, -60 * (back + 2)), value: 0 }));

  it('is zero for the whole history where its author said so', () => {
    expect(read('no-data', { whenMissing: 'zero', historySeconds: 600 })).toEqual({
      kind: 'value',
      value: 0,
      at: plusSeconds(NOW, -60),
      earlier: zeros(10),
    });
  });

  it('has been zero for no longer than the limit when it has only gone stale', () => {
    const expected = { kind: 'value', value: 0, at: plusSeconds(NOW, -60), earlier: zeros(5) };
    expect(read('stale', { whenMissing: 'zero' })).toEqual(expected);
    expect(read(stamped(-361, 80), { whenMissing: 'zero' })).toEqual(expected);
    expect(read('stale', { whenMissing: 'zero', historySeconds: 0 })).toMatchObject({ earlier: [] });
  });

  test.each<MissingReason>(['not-a-number', 'negative', 'future', 'partial-data', 'read-failed'])(
    'is not one that is missing for another reason: %s',
    (reason) => {
      expect(read(reason, { whenMissing: 'zero' })).toMatchObject({ kind: 'missing', reason });
    },
  );

  it('counts no units as disappeared only where nobody opted in', () => {
    expect(read('no-data')).toMatchObject({ kind: 'missing', reason: 'no-data' });
  });
});

test.each<{ scope: MetricScope; value: number }>([
  { scope: 'total', value: 120 },
  { scope: 'average', value: 40 },
  { scope: 'independent', value: 40 },
])('several units are one value: $scope', ({ scope, value }) => {
  expect(read(samples(20, 40, 60), { scope })).toEqual({ kind: 'value', value, at: NOW, earlier: [] });
});

it('leaves single units to a reader that judges each of them', () => {
  const apart = samples(20, Number.NaN);
  expect(checkedReading(aMetric(), 'average', aSight({ metrics: { cpu: apart } }))).toEqual(apart);
});

it('makes a proposal that says what is missing, in the name of the strategy', () => {
  const reading = { kind: 'missing', reason: 'stale', detail: 'old' } as const;
  const step = { step: 'missing', metric: 'cpu', label: 'CPU', reason: 'stale', detail: 'old' };
  expect(blindTo(aMetric(), reading)).toEqual({ kind: 'blind', from: 'cpu', step });
  expect(blindTo(aMetric(), reading, 'formula')).toEqual({ kind: 'blind', from: 'formula', step });
});

test.each([
  [0, true],
  [-0.001, false],
  [Number.NaN, false],
])('%d can be a load: %s', (value, usable) => {
  expect(isUsable(value)).toBe(usable);
});
