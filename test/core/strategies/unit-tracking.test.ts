import { describe, expect, it, test } from 'vitest';
import type { UnitSample, UnitState } from '../../../shared/core/capacity.ts';
import { proposalSentence } from '../../../shared/core/proposal-sentence.ts';
import { proposeTargetTracking } from '../../../shared/core/strategies/target-tracking.ts';
import type { TargetTrackingStrategy } from '../../../shared/core/strategy.ts';
import { aTargetTracking } from '../../support/a-policy.ts';
import { aSnapshot, type SnapshotOverrides } from '../../support/a-snapshot.ts';
import { aState } from '../../support/a-state.ts';
import { aUnit, someUnits } from '../../support/a-unit.ts';
import { NOW } from '../../support/now.ts';

interface Asked {
  readonly strategy?: Partial<TargetTrackingStrategy>;
  readonly units: readonly UnitState[] | null;
  readonly samples: readonly UnitSample[];
  readonly counts?: SnapshotOverrides;
}

function propose({ strategy, units, samples, counts = {} }: Asked) {
  const reading = { kind: 'samples', samples, at: NOW } as const;
  const desired = units?.length ?? 4;
  const snapshot = aSnapshot({ desired, ...counts, units, metrics: { cpu: reading } });
  const sight = { snapshot, state: aState(), size: snapshot.capacity.desired, min: 0, now: NOW };
  return proposeTargetTracking(aTargetTracking(strategy), sight);
}

/** The step of a proposal that is one. */
function stepOf(asked: Asked) {
  const proposal = propose(asked);
  if (proposal.kind === 'blind' || proposal.step.strategy !== 'target-tracking')
    throw new Error('no proposal');
  return proposal.step;
}

const says = (asked: Asked) => proposalSentence(stepOf(asked));
const samples = (...values: readonly number[]): readonly UnitSample[] =>
  values.map((value, index) => ({ unit: `u${index}`, value }));

const neverReady = { ready: false, startedSecondsAgo: 60, readyChangedSecondsAgo: 60 };
const { metric } = aTargetTracking();
const plain = { ...metric, unit: '', query: { ...metric.query, name: 'Connections' } as typeof metric.query };
const shared = { scope: 'total', target: 100, metric: plain } as const;
const value = {
  target: 100,
  metric: plain,
  perUnit: { kind: 'value', gatesOnReadiness: false, initializationSeconds: 0, readinessDelaySeconds: 0 },
} as const;

describe('units that report one by one', () => {
  it('are scored in whole percents, with every count in the trace', () => {
    const units = [...someUnits(2), aUnit('u2', neverReady), aUnit('u3'), aUnit('u4', { deleting: true })];
    expect(stepOf({ units, samples: samples(90.9, 91.9, 5) })).toEqual({
      step: 'proposal',
      strategy: 'target-tracking',
      metric: 'cpu',
      label: 'CPU',
      unit: ' %',
      scope: 'average',
      target: 70,
      size: 5,
      outAbove: 77,
      value: 91,
      ready: 4,
      exact: (45 / 70) * 4,
      wish: 5,
      verdict: 'within-tolerance',
      units: { ready: 2, unready: 1, missing: 1, ignored: 1, ratio: 45 / 70 },
      carried: null,
    });
  });

  it('are scored by what they have where they say so', () => {
    const units = [aUnit('u0', { requests: { cpu: 400 } }), aUnit('u1', { requests: { cpu: 100 } })];
    expect(stepOf({ units, samples: samples(400, 50) })).toMatchObject({ value: 90, wish: 3 });
  });

  it('are scored by their mean where the metric is no percentage', () => {
    expect(
      stepOf({
        strategy: { metric: plain, target: 100 },
        units: someUnits(2),
        samples: samples(150, 150.0005),
      }),
    ).toMatchObject({ value: 150, wish: 3, verdict: 'above' });
  });

  it('have no sample where the value cannot be one', () => {
    const counts = stepOf({ units: someUnits(3), samples: samples(140, Number.NaN, -1) }).units;
    expect(counts).toMatchObject({ ready: 1, missing: 2 });
  });

  it('speak even while none of them serves, where readiness does not matter', () => {
    const units = someUnits(2, { ready: false });
    const strategy = { metric: plain, target: 100 };
    expect(stepOf({ strategy, units, samples: samples(200, 200), counts: { ready: 0 } }).wish).toBe(4);
  });
});

describe('one number for all units', () => {
  it('is shared by them', () => {
    const given = {
      strategy: shared,
      units: someUnits(2),
      samples: [
        { unit: null, value: 200 },
        { unit: null, value: 250 },
      ],
    };
    expect(stepOf(given)).toMatchObject({ value: 450, exact: 4.5, wish: 5, verdict: 'above', carried: 450 });
  });

  it('answers with the units that run inside the tolerance', () => {
    const given = {
      strategy: shared,
      units: someUnits(5),
      samples: samples(520),
      counts: { desired: 4, running: 5 },
    };
    expect(stepOf(given)).toMatchObject({ wish: 5, size: 4, verdict: 'within-tolerance' });
    expect(says(given)).toBe(
      'CPU 520 (5 ready) is within the tolerance around the target of 100 a unit, so the 5 units that run.',
    );
  });

  it('has no ratio that could be written down while nothing runs', () => {
    const given = { strategy: shared, units: [], samples: [{ unit: null, value: 250 }] };
    expect(stepOf(given)).toMatchObject({ wish: 3, verdict: 'above', units: { ratio: 0 } });
    expect(stepOf({ ...given, samples: [{ unit: null, value: 0 }] })).toMatchObject({
      wish: 0,
      verdict: 'below',
    });
  });

  it('answers in proportion to the units that serve where it is a value', () => {
    const given = {
      strategy: value,
      units: [...someUnits(1), aUnit('u1', { ready: false })],
      samples: [{ unit: null, value: 150 }],
    };
    expect(stepOf(given)).toMatchObject({ value: 150, ready: 1, exact: 1.5, wish: 2, carried: null });
  });
});

describe('units that cannot be heard', () => {
  test.each<{ why: string; asked: Asked; reason: string; detail: string }>([
    {
      why: 'nobody has a sample',
      asked: { units: someUnits(2), samples: [] },
      reason: 'no-data',
      detail: 'no unit has a sample',
    },
    {
      why: 'nobody who serves has one',
      asked: { units: [aUnit('u0', neverReady), aUnit('u1')], samples: samples(50) },
      reason: 'no-units-ready',
      detail: 'no unit that serves has a sample (1 not ready, 1 without a sample)',
    },
    {
      why: 'the samples are of strangers',
      asked: { units: someUnits(1), samples: [{ unit: 'stranger', value: 50 }] },
      reason: 'no-data',
      detail: 'no sample is of a unit that is known',
    },
    {
      why: 'one does not say what it has',
      asked: { units: [aUnit('u0', { requests: { cpu: null } })], samples: samples(50) },
      reason: 'partial-data',
      detail: 'a unit does not say what it has in all',
    },
    {
      why: 'a total was not reported',
      asked: { strategy: shared, units: someUnits(2), samples: [] },
      reason: 'no-data',
      detail: 'no unit has a sample',
    },
    {
      why: 'a value has no unit to be multiplied with',
      asked: { strategy: value, units: [], samples: [{ unit: null, value: 150 }], counts: { desired: 4 } },
      reason: 'no-data',
      detail: 'no sample is of a unit that is known',
    },
  ])('$why: $reason', ({ asked, reason, detail }) => {
    expect(propose(asked)).toMatchObject({ kind: 'blind', step: { step: 'missing', reason, detail } });
  });
});

test.each<{ why: string; asked: Asked; sentence: string }>([
  {
    why: 'a wish',
    asked: { units: someUnits(3), samples: samples(90, 90, 90) },
    sentence: 'CPU 90 % (3 ready) is above the target of 70 %: 1.29 × 3 = 3.86, so 4.',
  },
  {
    why: 'a wish with others around',
    asked: {
      units: [...someUnits(3), aUnit('u3', { phase: 'pending' }), aUnit('u4', { phase: 'failed' })],
      samples: samples(20, 20, 20),
    },
    sentence:
      'CPU 20 % (3 ready, 1 not ready, 1 left out) is below the target of 70 %: 0.286 × 3 = 0.857, so 1.',
  },
  {
    why: 'no change',
    asked: { units: someUnits(3), samples: samples(90, 90) },
    sentence:
      'CPU 90 % (2 ready, 1 without a sample) asks for no change: the ratio to the target of 70 % is 0.857.',
  },
  {
    why: 'a share of a total',
    asked: { strategy: shared, units: someUnits(2), samples: [{ unit: null, value: 450 }] },
    sentence: 'CPU 450 (2 ready) is above the target of 100 a unit: 450 / 100 = 4.5, so 5.',
  },
  {
    why: 'a value',
    asked: {
      strategy: value,
      units: [...someUnits(1), aUnit('u1', { phase: 'pending' })],
      samples: [{ unit: null, value: 150 }],
    },
    sentence: 'CPU 150 (1 ready, 1 not ready) is above the target of 100: 1.5 × 1 = 1.5, so 2.',
  },
])('is said in a sentence: $why', ({ asked, sentence }) => {
  expect(says(asked)).toBe(sentence);
});

it('takes samples of units that nobody tells apart as one value', () => {
  const mean = { value: 83.2, ready: 4, wish: 5, units: null };
  expect(stepOf({ units: null, samples: samples(100, 66.4) })).toMatchObject(mean);
  expect(stepOf({ strategy: shared, units: null, samples: samples(300, 200) })).toMatchObject({
    value: 500,
    wish: 5,
  });
});
