import { describe, expect, it, test } from 'vitest';
import type { UnitState } from '../../../shared/core/capacity.ts';
import { type UnitQuestion, unitReplicas } from '../../../shared/core/hpa/unit-replicas.ts';
import { someUnits } from '../../support/a-unit.ts';

interface Asked {
  readonly samples: readonly (number | null)[];
  readonly strays?: readonly number[];
  readonly requests?: readonly (number | null)[];
  readonly percent?: number;
  readonly average?: number;
  readonly size?: number;
  readonly tolerance?: UnitQuestion['tolerance'];
  readonly units?: readonly Partial<UnitState>[];
}

function question(asked: Asked): UnitQuestion {
  const { samples, strays = [], size = samples.length, tolerance = { out: 0.1, in: 0.1 } } = asked;
  const units = someUnits(samples.length).map((unit, index) => ({ ...unit, ...asked.units?.[index] }));
  const requests = asked.requests ?? samples.map(() => 1000);
  const own = samples.flatMap((sample, index) =>
    sample === null ? [] : [[`u${index}`, BigInt(sample)] as const],
  );
  return {
    size,
    units,
    samples: new Map([...own, ...strays.map((value, index) => [`x${index}`, BigInt(value)] as const)]),
    goal:
      asked.average === undefined
        ? {
            kind: 'utilization',
            percent: asked.percent ?? 50,
            requests: new Map(
              requests.map((each, index) => [`u${index}`, each === null ? null : BigInt(each)]),
            ),
          }
        : { kind: 'average', value: BigInt(asked.average) },
    tolerance,
    gate: { initializationSeconds: 120, readinessDelaySeconds: 10 },
  };
}

/** The size, or the error, of a question. */
function answer(asked: Asked): number | string {
  const given = unitReplicas(question(asked));
  return given.kind === 'size' ? given.size : given.error;
}

const UNREADY = { ready: false };

describe('utilization', () => {
  it('is a whole percent before anything else: 66.9 % on 60 holds', () => {
    expect(answer({ samples: [669, 669, 669], percent: 60 })).toBe(3);
    expect(answer({ samples: [670, 670, 670], percent: 60 })).toBe(4);
  });

  it('is the sum over the sum, not the mean of percentages', () => {
    expect(unitReplicas(question({ samples: [900, 100], requests: [1000, 3000] }))).toMatchObject({
      seen: { utilization: 25, usage: 500n },
    });
  });

  it('rounds up in doubles, the ratio first', () => {
    expect(answer({ samples: new Array(25).fill(1100) })).toBe(56);
    expect(answer({ samples: new Array(15).fill(1240), percent: 60 })).toBe(32);
  });

  it('takes a target that is no whole number', () => {
    expect(answer({ samples: [1000, 1000], percent: 62.5 })).toBe(4);
  });

  it('fails as a whole when one unit does not say what it has, even one that takes no part', () => {
    expect(answer({ samples: [900, 900], requests: [1000, null] })).toBe('missingRequest');
    const units = [{}, { phase: 'failed' as const }];
    expect(answer({ samples: [900, 900], requests: [1000, null], units })).toBe('missingRequest');
  });

  it('fails where the samples are of unknown units', () => {
    expect(answer({ samples: [null], strays: [200] })).toBe('noMatchingPods');
    expect(answer({ samples: [100], requests: [0] })).toBe('noMatchingPods');
    expect(answer({ samples: [], strays: [200] })).toBe('noMatchingPods');
  });

  it('fails where no sample is left, which is not zero', () => {
    expect(answer({ samples: [null, null] })).toBe('noSamples');
    expect(answer({ samples: [900], units: [UNREADY] })).not.toBe(0);
    expect(
      answer({
        samples: [900],
        units: [{ ...UNREADY, startedSecondsAgo: 100, readyChangedSecondsAgo: 100 }],
      }),
    ).toBe('noSamples');
  });
});

describe('units without a sample', () => {
  test.each([
    { why: 'count as idle on the way up', samples: [1000, null], is: 2 },
    { why: 'and may not turn growth around', samples: [600, null, null], is: 3 },
    { why: 'count as fully used on the way down', samples: [100, 100, 100, null], is: 3 },
    { why: 'and may not turn a cut around', samples: [400, null], is: 2 },
    { why: 'play no part exactly on the target', samples: [500, null, null], is: 3 },
  ])('$why', ({ samples, is }) => {
    expect(answer({ samples })).toBe(is);
  });

  it('count at the target where that is above all they have', () => {
    // 100 + 2 × 1500 of 3000 is 103 %: 103 / 150 × 3 = 2.06.
    expect(answer({ samples: [100, null, null], percent: 150 })).toBe(3);
    expect(answer({ samples: [100, 100, null], percent: 150 })).toBe(2);
  });

  it('count at exactly the target of a mean', () => {
    // (100 + 500) / 2 is 300: 300 / 500 × 2 = 1.2.
    expect(answer({ samples: [100, null], average: 500 })).toBe(2);
    // (0 + 0 + 500) / 3 is 166: 166 / 500 × 3 = 0.996.
    expect(answer({ samples: [0, 0, null], average: 500 })).toBe(1);
  });
});

describe('units that are not ready', () => {
  const neverReady = { ready: false, startedSecondsAgo: 300, readyChangedSecondsAgo: 300 };

  it('stay out below the target: zeros would cut', () => {
    const units = [{}, {}, {}, neverReady, neverReady];
    expect(answer({ samples: [480, 480, 480, 480, 480], units })).toBe(5);
  });

  it('come back as idle above the target', () => {
    const units = [{}, {}, neverReady];
    expect(answer({ samples: [800, 800, 800], units })).toBe(3);
    expect(answer({ samples: [1600, 1600, 800], units })).toBe(7);
  });

  it('are not in the multiplier of a cut', () => {
    const units = [{}, {}, {}, neverReady, neverReady];
    expect(answer({ samples: [300, 300, 300, 300, 300], units })).toBe(2);
  });
});

describe('no answer reverses its direction', () => {
  it('holds a cut that a surge of units would turn into growth', () => {
    expect(answer({ samples: [100, 100, null], size: 2 })).toBe(2);
  });

  it('holds growth that few samples would turn into a cut', () => {
    // (2000 + 0) / 2000 is 100 %: twice two, but eight were asked for.
    expect(answer({ samples: [2000, null], size: 8 })).toBe(8);
  });
});

it('multiplies by the ready units alone where nothing is filled in, without a guard on the direction', () => {
  const units = [{}, {}, {}, {}, {}, { ready: false, startedSecondsAgo: 300, readyChangedSecondsAgo: 300 }];
  expect(answer({ samples: [400, 400, 400, 400, 400, 0], units, size: 3 })).toBe(4);
});

describe('a mean', () => {
  it('is cut to whole milli-units', () => {
    expect(answer({ samples: [3, 3, 4], average: 3, tolerance: { out: 0, in: 0 } })).toBe(3);
  });

  it('counts samples of unknown units, in the multiplier only after filling', () => {
    expect(answer({ samples: [1000, 1000], strays: [1000], average: 500 })).toBe(4);
    expect(answer({ samples: [1000, null], strays: [1000], average: 500 })).toBe(4);
  });
});

test.each([
  { samples: [550], tolerance: { out: 0.1, in: 0 }, is: 1, why: 'the upper edge holds' },
  { samples: [560], tolerance: { out: 0.1, in: 0 }, is: 2, why: 'beyond it grows' },
  { samples: [450, 450], tolerance: { out: 0, in: 0.1 }, is: 2, why: 'the lower edge holds' },
  { samples: [240, 240], tolerance: { out: 9, in: 0.1 }, is: 1, why: 'each side for itself' },
])('the tolerance is on the ratio, edges included: $why', ({ samples, tolerance, is }) => {
  expect(answer({ samples, tolerance })).toBe(is);
});

it('saturates', () => {
  expect(answer({ samples: [Number.MAX_SAFE_INTEGER], average: 1 })).toBe(2 ** 31 - 1);
});
