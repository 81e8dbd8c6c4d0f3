import { describe, expect, it, test } from 'vitest';
import type { MetricReading } from '../../../shared/core/capacity.ts';
import { proposeThreshold } from '../../../shared/core/strategies/threshold.ts';
import type { SizeChange, ThresholdStrategy } from '../../../shared/core/strategy.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aResize } from '../../support/a-state.ts';
import { aMetric, aSeries, aSight, aThreshold, stepOf, times, wished } from '../../support/a-strategy.ts';
import { fc } from '../../support/fast-check.ts';
import { NOW } from '../../support/now.ts';

const propose = (cpu: number | MetricReading, desired = 4, strategy: Partial<ThresholdStrategy> = {}) =>
  proposeThreshold(aThreshold(strategy), aSight({ desired, metrics: { cpu } }));

const units = (value: number): SizeChange => ({ kind: 'units', value });
const percent = (value: number): SizeChange => ({ kind: 'percent', value });
const exact = (value: number): SizeChange => ({ kind: 'exact', value });

/** Rules that act on the newest datapoint alone. */
const atOnce = (out: SizeChange, inward: SizeChange): Partial<ThresholdStrategy> => ({
  out: { threshold: 70, forSeconds: 0, change: out },
  in: { threshold: 30, forSeconds: 0, change: inward },
});

describe('a sustained threshold', () => {
  test.each([
    { why: 'ten minutes above', series: times(10, 80), says: '6 above', seconds: 600 },
    { why: 'longer than ten minutes', series: times(15, 80), says: '6 above', seconds: 600 },
    { why: 'nine minutes above', series: [...times(9, 80), 70], says: '4 within-tolerance', seconds: 540 },
    { why: 'no more is known', series: times(9, 80), says: '4 within-tolerance', seconds: 540 },
    {
      why: 'a moment of calm',
      series: [80, 80, 60, ...times(9, 80)],
      says: '4 within-tolerance',
      seconds: 120,
    },
    {
      why: 'a gap is no breach',
      series: [80, null, ...times(10, 80)],
      says: '4 within-tolerance',
      seconds: 60,
    },
    {
      why: 'a negative value is none',
      series: [80, -1, ...times(10, 80)],
      says: '4 within-tolerance',
      seconds: 60,
    },
    {
      why: 'what is no number is none',
      series: [80, Number.NaN, ...times(10, 80)],
      says: '4 within-tolerance',
      seconds: 60,
    },
    { why: 'over now', series: [60, ...times(10, 80)], says: '4 within-tolerance', seconds: 0 },
    { why: 'exactly at it', series: times(10, 70), says: '4 within-tolerance', seconds: 0 },
    { why: 'five minutes below', series: times(5, 20), says: '3 below', seconds: 300 },
    { why: 'four minutes below', series: [...times(4, 20), 30], says: '4 within-tolerance', seconds: 240 },
    { why: 'a gap is no calm', series: [20, null, ...times(5, 20)], says: '4 within-tolerance', seconds: 60 },
    {
      why: 'what cannot be a load is no calm',
      series: [20, -1, ...times(5, 20)],
      says: '4 within-tolerance',
      seconds: 60,
    },
    { why: 'exactly at the lower one', series: times(5, 30), says: '4 within-tolerance', seconds: 0 },
  ])('$why: $says', ({ series, says, seconds }) => {
    const proposal = propose(aSeries(...series));
    expect(wished(proposal)).toBe(says);
    expect(stepOf(proposal, 'threshold').sustainedSeconds).toBe(seconds);
  });

  it('needs as many datapoints as cover the time', () => {
    const metric = aMetric({ periodSeconds: 300 });
    const old = (minutes: number, value: number) => ({ at: plusSeconds(NOW, -60 * minutes), value });
    const reading = (...values: readonly number[]): MetricReading => ({
      kind: 'value',
      ...old(5, values[0] ?? 0),
      earlier: values.slice(1).map((value, index) => old(10 + index * 5, value)),
    });
    const out = { threshold: 70, forSeconds: 601, change: units(2) };
    expect(wished(propose(reading(80, 80), 4, { metric, out }))).toBe('4 within-tolerance');
    expect(wished(propose(reading(80, 80, 80), 4, { metric, out }))).toBe('6 above');
  });

  it('takes the newest datapoint alone where no time is asked for', () => {
    expect(wished(propose(70.1, 4, atOnce(units(2), units(1))))).toBe('6 above');
    expect(wished(propose(29.9, 4, atOnce(units(2), units(1))))).toBe('3 below');
    expect(stepOf(propose(70.1, 4, atOnce(units(2), units(1))), 'threshold').sustainedSeconds).toBe(0);
  });

  it('counts a metric that is zero by its author’s word as calm all along', () => {
    const metric = aMetric({ whenMissing: 'zero' });
    const sight = aSight({ metrics: { cpu: 'no-data' } });
    expect(wished(proposeThreshold(aThreshold({ metric }), sight))).toBe('3 below');
    const short = aMetric({ whenMissing: 'zero', historySeconds: 0 });
    expect(wished(proposeThreshold(aThreshold({ metric: short }), sight))).toBe('4 within-tolerance');
  });
});

describe('two rules', () => {
  const overlapping = {
    out: { threshold: 20, forSeconds: 0, change: units(2) },
    in: { threshold: 60, forSeconds: 0, change: units(1) },
  };

  it('of which both hold: out wins', () => {
    expect(wished(propose(40, 4, overlapping))).toBe('6 above');
  });

  it('of which one has lasted: that one', () => {
    const out = { ...overlapping.out, forSeconds: 600 };
    expect(wished(propose(40, 4, { ...overlapping, out }))).toBe('3 below');
  });

  it('of which neither has lasted: out is told of', () => {
    const late = { ...overlapping.in, forSeconds: 600 };
    const step = stepOf(
      propose(40, 4, { in: late, out: { ...overlapping.out, forSeconds: 600 } }),
      'threshold',
    );
    expect(step).toMatchObject({ side: 'out', threshold: 20, forSeconds: 600, sustainedSeconds: 60 });
  });
});

describe('one rule', () => {
  it('for scale-out alone is silent while there is nothing to grow for, and speaks from its first breach', () => {
    expect(wished(propose(50, 4, { in: null }))).toBe('silent');
    expect(wished(propose(20, 4, { in: null }))).toBe('silent');
    expect(wished(propose(80, 4, { in: null }))).toBe('4 within-tolerance');
  });

  it('for scale-in alone agrees to no cut by others while it does not hold', () => {
    expect(wished(propose(50, 4, { out: null }))).toBe('4 within-tolerance');
    expect(wished(propose(aSeries(...times(5, 20)), 4, { out: null }))).toBe('3 below');
  });
});

describe('a change', () => {
  test.each([
    { change: units(2), size: 4, wish: 6 },
    { change: percent(50), size: 4, wish: 6 },
    { change: percent(50), size: 5, wish: 8 },
    { change: percent(1), size: 5, wish: 6 },
    { change: percent(10), size: 30, wish: 33 },
    { change: percent(1.1), size: 7000, wish: 7077 },
    { change: percent(50), size: 1, wish: 2 },
    { change: exact(9), size: 4, wish: 9 },
    { change: exact(3), size: 4, wish: 4 },
  ])('out by $change at $size: $wish', ({ change, size, wish }) => {
    expect(propose(80, size, atOnce(change, units(1)))).toMatchObject({ wish, step: { verdict: 'above' } });
  });

  test.each([
    { change: units(2), size: 4, wish: 2 },
    { change: units(9), size: 4, wish: 0 },
    { change: percent(50), size: 5, wish: 3 },
    { change: percent(1), size: 5, wish: 4 },
    { change: percent(1), size: 1, wish: 0 },
    { change: percent(200), size: 3, wish: 0 },
    { change: exact(2), size: 4, wish: 2 },
    { change: exact(9), size: 4, wish: 4 },
  ])('in by $change at $size: $wish', ({ change, size, wish }) => {
    expect(propose(20, size, atOnce(units(2), change))).toMatchObject({ wish, step: { verdict: 'below' } });
  });

  it('asked again while it is under way is the same one', () => {
    const out = (value: number) => atOnce(units(value), units(1));
    const asked = (value: number, resize: Parameters<typeof aResize>[0] = {}) =>
      wished(
        proposeThreshold(
          aThreshold(out(value)),
          aSight({ desired: 6, running: 4, state: { resize: aResize(resize) }, metrics: { cpu: 80 } }),
        ),
      );
    expect(asked(2)).toBe('6 above');
    expect(asked(3)).toBe('7 above');
    expect(asked(2, { from: 8, to: 6 })).toBe('8 above');
  });
});

it('is blind without its metric', () => {
  const sight = aSight({ metrics: { cpu: 'partial-data' } });
  expect(wished(proposeThreshold(aThreshold(), sight))).toBe('blind: partial-data');
});

it('does not call back units from zero for an average over units that are gone', () => {
  expect(wished(propose(80, 0, atOnce(units(2), units(1))))).toBe('0 within-tolerance');
  expect(wished(propose(80, 0, { ...atOnce(units(2), units(1)), scope: 'independent' }))).toBe('2 above');
});

it('shows every number of its arithmetic', () => {
  expect(propose(aSeries(...times(10, 80)))).toEqual({
    kind: 'wish',
    from: 'cpu',
    wish: 6,
    step: {
      step: 'proposal',
      strategy: 'threshold',
      metric: 'cpu',
      label: 'CPU',
      unit: ' %',
      scope: 'average',
      value: 80,
      size: 4,
      wish: 6,
      side: 'out',
      threshold: 70,
      forSeconds: 600,
      sustainedSeconds: 600,
      change: { kind: 'units', value: 2 },
      verdict: 'above',
      carried: 320,
      outAbove: 70,
    },
  });
  expect(stepOf(propose(50, 4, { scope: 'total' }), 'threshold')).toMatchObject({
    side: null,
    threshold: null,
    change: null,
    forSeconds: 0,
    carried: 50,
    outAbove: null,
  });
  expect(stepOf(propose(50, 4, { out: null }), 'threshold')).toMatchObject({ outAbove: null });
});

it('wishes for a whole number of units, and never against its direction', () => {
  const change = fc.oneof(
    fc.integer({ min: 1, max: 20 }).map(units),
    fc.integer({ min: 1, max: 300 }).map(percent),
    fc.nat(40).map(exact),
  );
  const series = fc.array(fc.option(fc.integer({ min: 0, max: 100 })), { maxLength: 12 });
  fc.assert(
    fc.property(change, change, fc.nat(100), series, fc.nat(50), (more, less, newest, before, size) => {
      const strategy = { ...atOnce(more, less), in: { threshold: 40, forSeconds: 180, change: less } };
      const step = stepOf(propose(aSeries(newest, ...before), size, strategy), 'threshold');
      expect(Number.isInteger(step.wish) && step.wish >= 0).toBe(true);
      if (step.verdict === 'above') expect(step.wish).toBeGreaterThanOrEqual(size);
      if (step.verdict === 'below') expect(step.wish).toBeLessThanOrEqual(size);
      if (step.verdict === 'within-tolerance') expect(step.wish).toBe(size);
    }),
    { numRuns: 3000 },
  );
});
