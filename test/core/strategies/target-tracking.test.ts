import { describe, expect, it, test } from 'vitest';
import type { MetricReading, MissingReason, Snapshot } from '../../../shared/core/capacity.ts';
import type { Sight } from '../../../shared/core/strategies/proposal.ts';
import { proposeTargetTracking } from '../../../shared/core/strategies/target-tracking.ts';
import { aTargetTracking } from '../../support/a-policy.ts';
import { aSnapshot, type SnapshotOverrides } from '../../support/a-snapshot.ts';
import { aState } from '../../support/a-state.ts';
import { NOW } from '../../support/now.ts';

type Tracking = Parameters<typeof aTargetTracking>[0];

function propose(
  cpu: number | MissingReason | MetricReading,
  counts: SnapshotOverrides = {},
  strategy: Tracking = {},
  min = 1,
) {
  const snapshot = aSnapshot({ ...counts, metrics: { cpu } });
  return proposeTargetTracking(aTargetTracking(strategy), { ...sightOf(snapshot), min });
}

/** What a strategy sees of a target without a past. */
const sightOf = (snapshot: Snapshot): Sight => ({
  snapshot,
  state: aState(),
  size: snapshot.capacity.desired,
  min: 1,
  now: NOW,
});

/** The wish and the verdict of a proposal in one line. */
function inShort(proposal: ReturnType<typeof propose>): string {
  return proposal.kind === 'wish' && proposal.step.step === 'proposal'
    ? `${proposal.wish} ${proposal.step.verdict}`
    : `blind`;
}

describe('an average over units', () => {
  test.each([
    { ready: 4, cpu: 83.2, target: 70, says: '5 above' },
    { ready: 4, cpu: 35, target: 70, says: '2 below' },
    { ready: 4, cpu: 70, target: 70, says: '4 within-tolerance' },
    { ready: 4, cpu: 140, target: 70, says: '8 above' },
    { ready: 4, cpu: 0, target: 70, says: '0 below' },
    { ready: 3, cpu: 55, target: 70, says: '3 below' },
    { ready: 1, cpu: 71.5, target: 65, tolerance: 0.05, says: '2 above' },
    // 110 / 50 × 25 is 55.00000000000001 in doubles; multiplied first it is 55 exactly, and stays 55.
    { ready: 25, cpu: 110, target: 50, says: '55 above' },
    { ready: 15, cpu: 124, target: 60, says: '31 above' },
    { ready: 3, cpu: 0.3, target: 0.1, says: '9 above' },
    { ready: 7, cpu: 1e300, target: 1, says: '7e+300 above' },
  ])('$ready ready at $cpu on $target: $says', ({ ready, cpu, target, tolerance = 0.1, says }) => {
    const strategy = { target, tolerance: { out: tolerance, in: tolerance } };
    expect(inShort(propose(cpu, { desired: ready }, strategy))).toBe(says);
  });

  it('rounds 25 × 110 / 50 as a person would, not as doubles do', () => {
    expect(propose(110, { desired: 25 }, { target: 50 })).toMatchObject({ wish: 55, step: { exact: 55 } });
  });

  test.each([
    { cpu: 77, tolerance: { out: 0.1, in: 0.1 }, says: '10 within-tolerance' },
    { cpu: 77.01, tolerance: { out: 0.1, in: 0.1 }, says: '12 above' },
    { cpu: 63, tolerance: { out: 0.1, in: 0.1 }, says: '10 within-tolerance' },
    { cpu: 62.99, tolerance: { out: 0.1, in: 0.1 }, says: '9 below' },
    { cpu: 70.0001, tolerance: { out: 0, in: 0.5 }, says: '11 above' },
    { cpu: 35, tolerance: { out: 0, in: 0.5 }, says: '10 within-tolerance' },
    { cpu: 73.5, tolerance: { out: 0.05, in: 0 }, says: '10 within-tolerance' },
    { cpu: 69.999, tolerance: { out: 0.05, in: 0 }, says: '10 below' },
    { cpu: 91, tolerance: { out: 0.3, in: 0.3 }, says: '10 within-tolerance' },
    { cpu: 49, tolerance: { out: 0.3, in: 0.3 }, says: '10 within-tolerance' },
  ])(
    'leaves the band alone, edges included, each side for itself: $cpu with $tolerance',
    ({ cpu, tolerance, says }) => {
      expect(inShort(propose(cpu, { desired: 10 }, { tolerance }))).toBe(says);
    },
  );

  test.each([
    {
      why: 'six asked for carry what four are short of',
      counts: { desired: 6, running: 4 },
      cpu: 83.2,
      says: '6 covered-by-pending',
    },
    {
      why: 'they carry it with the tolerance',
      counts: { desired: 6, running: 5 },
      cpu: 92.4,
      says: '6 covered-by-pending',
    },
    { why: 'they will not be enough', counts: { desired: 6, running: 4 }, cpu: 140, says: '8 above' },
    {
      why: 'units on their way do not count as load',
      counts: { desired: 6, running: 4 },
      cpu: 70,
      says: '6 within-tolerance',
    },
    {
      why: 'a low load speaks of the units that serve',
      counts: { desired: 6, running: 4 },
      cpu: 35,
      says: '2 below',
    },
    { why: 'a low load never raises the size', counts: { desired: 4, running: 8 }, cpu: 50, says: '4 below' },
    {
      why: 'units that are leaving still carry load',
      counts: { desired: 4, running: 6 },
      cpu: 80,
      says: '7 above',
    },
    {
      why: 'running is not ready',
      counts: { desired: 4, running: 4, ready: 2 },
      cpu: 120,
      says: '4 covered-by-pending',
    },
  ])('pending units: $why', ({ counts, cpu, says }) => {
    expect(inShort(propose(cpu, counts))).toBe(says);
  });

  it('says nothing while no unit serves: 0 × value / target would be a cut in the worst moment', () => {
    expect(propose(40, { desired: 10, running: 0 })).toMatchObject({
      kind: 'blind',
      step: { step: 'missing', reason: 'no-units-ready' },
    });
  });

  it('has no wish for more at a size of zero, where nothing can be measured', () => {
    expect(inShort(propose(40, { desired: 0 }))).toBe('0 below');
  });
});

describe('a total', () => {
  const total = { scope: 'total', target: 100 } as const;

  test.each([
    { desired: 4, value: 1000, says: '10 above' },
    { desired: 4, value: 441, says: '5 above' },
    { desired: 4, value: 440, says: '4 within-tolerance' },
    { desired: 4, value: 360, says: '4 within-tolerance' },
    { desired: 4, value: 350, says: '4 below' },
    { desired: 4, value: 101, says: '2 below' },
    { desired: 4, value: 0, says: '0 below' },
    { desired: 1, value: 50, says: '1 below' },
    // From zero there is no band: any load needs a unit.
    { desired: 0, value: 1, says: '1 above' },
    { desired: 0, value: 110, says: '2 above' },
    { desired: 0, value: 0, says: '0 below' },
  ])('$value at a size of $desired with 100 a unit: $says', ({ desired, value, says }) => {
    expect(inShort(propose(value, { desired }, total))).toBe(says);
  });

  it('does not depend on how many units serve', () => {
    expect(inShort(propose(1000, { desired: 4, running: 0 }, total))).toBe('10 above');
  });
});

describe('the activation of a total', () => {
  const total = { scope: 'total', target: 100, activation: 50 } as const;

  test.each([
    { why: 'from zero it must be exceeded', desired: 0, min: 0, value: 50, says: '0 below' },
    { why: 'strictly', desired: 0, min: 0, value: 50.1, says: '1 above' },
    { why: 'at or below it nothing is needed', desired: 3, min: 0, value: 50, says: '0 below' },
    { why: 'even inside the tolerance', desired: 1, min: 0, value: 50, says: '0 below', target: 50 },
    { why: 'where none is allowed', desired: 3, min: 1, value: 50, says: '1 below' },
    { why: 'from zero even so', desired: 0, min: 1, value: 50, says: '0 below' },
    { why: 'above it the load counts', desired: 3, min: 0, value: 51, says: '1 below' },
  ])('$why: $value at a size of $desired', ({ desired, min, value, says, target = 100 }) => {
    expect(inShort(propose(value, { desired }, { ...total, target }, min))).toBe(says);
  });

  it('stands in the trace where it decided, and only there', () => {
    expect(propose(50, { desired: 3 }, total, 0)).toMatchObject({ step: { wish: 0, activation: 50 } });
    expect(propose(0, { desired: 3 }, total, 0)).not.toHaveProperty('step.activation');
    expect(propose(51, { desired: 3 }, total, 0)).not.toHaveProperty('step.activation');
  });

  it('is none of an average', () => {
    expect(inShort(propose(40, { desired: 3 }, { activation: 50 }, 0))).toBe('2 below');
  });
});

describe('a metric that is missing', () => {
  const given = aTargetTracking();
  const optIn = { metric: { ...given.metric, whenMissing: 'zero' } } as const;

  test.each<MissingReason>(['no-data', 'stale', 'not-a-number', 'future', 'partial-data', 'read-failed'])(
    'is no opinion, and never zero: %s',
    (reason) => {
      expect(propose(reason)).toEqual({
        kind: 'blind',
        from: 'cpu',
        step: { step: 'missing', metric: 'cpu', label: 'CPU', reason, detail: 'in this test' },
      });
    },
  );

  test.each<{ reason: MissingReason; says: string }>([
    { reason: 'no-data', says: '0 below' },
    { reason: 'stale', says: '0 below' },
    { reason: 'not-a-number', says: 'blind' },
    { reason: 'future', says: 'blind' },
    { reason: 'partial-data', says: 'blind' },
    { reason: 'read-failed', says: 'blind' },
  ])('is zero only where the author said so and the metric disappeared: $reason', ({ reason, says }) => {
    expect(inShort(propose(reason, {}, optIn))).toBe(says);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'includes a value that cannot be one: %s',
    (value) => {
      expect(propose(value)).toMatchObject({
        kind: 'blind',
        step: { reason: 'not-a-number', detail: `the value is ${value}` },
      });
    },
  );

  it('includes a metric that nobody read', () => {
    expect(proposeTargetTracking(given, sightOf(aSnapshot({ metrics: {} })))).toMatchObject({
      kind: 'blind',
      step: { reason: 'read-failed' },
    });
  });
});

it('shows every number of its arithmetic', () => {
  expect(propose({ kind: 'value', value: 83.2, at: NOW }, { desired: 5, running: 4 })).toEqual({
    kind: 'wish',
    from: 'cpu',
    wish: 5,
    step: {
      step: 'proposal',
      strategy: 'target-tracking',
      metric: 'cpu',
      label: 'CPU',
      unit: ' %',
      scope: 'average',
      value: 83.2,
      target: 70,
      ready: 4,
      size: 5,
      exact: (4 * 83.2) / 70,
      wish: 5,
      verdict: 'covered-by-pending',
      carried: 4 * 83.2,
      outAbove: 70 * (1 + 0.1),
      units: null,
    },
  });
});
