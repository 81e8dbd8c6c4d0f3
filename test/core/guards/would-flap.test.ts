import { describe, expect, it, test } from 'vitest';
import { wouldFlap } from '../../../shared/core/guards/would-flap.ts';
import { proposeStepScaling } from '../../../shared/core/strategies/step.ts';
import { proposeThreshold } from '../../../shared/core/strategies/threshold.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { aSeries, aSight, aStepScaling, aThreshold, stepOf, times } from '../../support/a-strategy.ts';
import { decideIn, inShort, verdictOf } from '../../support/deciding.ts';

const rule = (threshold: number, value: number) => ({
  threshold,
  forSeconds: 0,
  change: { kind: 'units', value } as const,
});
const narrow = aThreshold({ out: rule(70, 1), in: rule(60, 1), scope: 'average' });
const proposalAt = (cpu: number, desired: number, scope: 'average' | 'independent' = 'average') =>
  stepOf(
    proposeThreshold({ ...narrow, scope }, aSight({ desired, metrics: { cpu: aSeries(cpu) } })),
    'threshold',
  );

describe('a scale-in after which the metric would ask for scale-out', () => {
  it('is held, with the arithmetic', () => {
    const proposals = [proposalAt(55, 4)];
    expect(verdictOf(wouldFlap, { size: 4, wish: 3, proposals })).toEqual({
      effect: 'hold',
      reason: 'would-flap',
      until: null,
      detail: 'At 3 CPU would be 220 / 3 = 73.33 %, above 70 % where scale-out begins.',
    });
  });

  it.each([
    { why: 'the metric would stand below the threshold', cpu: 50, size: 4, wish: 3 },
    { why: 'the metric would stand on the threshold', cpu: 52.5, size: 4, wish: 3 },
    { why: 'nothing is left to have a metric', cpu: 55, size: 1, wish: 0 },
    { why: 'it is a scale-out', cpu: 75, size: 4, wish: 5 },
  ])('passes when $why', ({ cpu, size, wish }) => {
    expect(verdictOf(wouldFlap, { size, wish, proposals: [proposalAt(cpu, size)] }).effect).toBe('pass');
  });

  it('is held where it would stand on the threshold of a step, which begins there', () => {
    const steps = [{ lower: 0, upper: null, adjustment: 1 }];
    const strategy = aStepScaling({ out: { threshold: 70, steps }, in: null });
    const at = (cpu: number) => [
      stepOf(proposeStepScaling(strategy, aSight({ desired: 4, metrics: { cpu } })), 'step'),
    ];
    expect(verdictOf(wouldFlap, { size: 4, wish: 3, proposals: at(52.5) })).toMatchObject({
      effect: 'hold',
      detail: 'At 3 CPU would be 210 / 3 = 70 %, at or above 70 % where scale-out begins.',
    });
    expect(verdictOf(wouldFlap, { size: 4, wish: 3, proposals: at(52) }).effect).toBe('pass');
  });

  it('is not foreseen for a metric that does not follow the size', () => {
    const proposals = [proposalAt(55, 4, 'independent')];
    expect(verdictOf(wouldFlap, { size: 4, wish: 3, proposals }).effect).toBe('pass');
  });
});

test('a decision between two narrow thresholds holds instead of bouncing', () => {
  const policy = aPolicy({ strategies: [narrow], cooldownSeconds: { out: 0, in: 0 } });
  const at = (cpu: number) => aSnapshot({ desired: 4, metrics: { cpu: aSeries(...times(1, cpu)) } });
  expect(inShort(decideIn({ policy, snapshot: at(55) }))).toBe('hold at 4: would-flap');
  expect(inShort(decideIn({ policy, snapshot: at(50) }))).toBe('4 -> 3');
});
