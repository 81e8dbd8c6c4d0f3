import { describe, expect, it, test } from 'vitest';
import { explain, explainBriefly } from '../../shared/core/explain.ts';
import { plainNumber } from '../../shared/core/plain-number.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { aFallback, aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aManualSignal } from '../support/a-signal.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aPin, aState } from '../support/a-state.ts';
import { type Circumstances, decideIn } from '../support/deciding.ts';
import { NOW } from '../support/now.ts';

const cpu = aTargetTracking();
const requests = aTargetTracking({
  metric: { ...cpu.metric, id: 'requests', label: 'Requests', unit: '' },
  target: 1000,
  scope: 'total',
});
const both = aPolicy({ strategies: [cpu, requests] });
const lastOut = { at: plusSeconds(NOW, -216), from: 3, to: 4 };
const at = (value: number, desired = 4) => aSnapshot({ desired, metrics: { cpu: value } });

const cases: readonly {
  readonly why: string;
  readonly given: Circumstances;
  readonly says: string;
  readonly briefly?: string;
}[] = [
  {
    why: 'the example of the documentation, on the way out',
    given: { snapshot: at(83.2) },
    says: 'CPU 83.2 % is above the target of 70 %: 4 × 83.2 / 70 = 4.75, so 5. Scale out from 4 to 5.',
    briefly: 'CPU 83.2 % is above the target of 70 %: 4 × 83.2 / 70 = 4.75, so 5.',
  },
  {
    why: 'the example of the documentation, on the way in',
    given: { snapshot: at(35), state: aState({ lastOut }) },
    says: 'CPU 35 % is below the target of 70 %: 4 × 35 / 70 = 2, so 2. Scale-in cooldown ends at 10:04:30, in 84 s. Hold at 4: it is held (cooldown-in).',
    briefly:
      'CPU 35 % is below the target of 70 %: 4 × 35 / 70 = 2, so 2. Scale-in cooldown ends at 10:04:30, in 84 s.',
  },
  {
    why: 'a bound',
    given: { snapshot: at(20, 3) },
    says: 'CPU 20 % is below the target of 70 %: 3 × 20 / 70 = 0.857, so 1. The minimum is 2, so 2, not 1. Scale in from 3 to 2.',
    briefly:
      'CPU 20 % is below the target of 70 %: 3 × 20 / 70 = 0.857, so 1. The minimum is 2, so 2, not 1.',
  },
  {
    why: 'a load that does not activate',
    given: {
      policy: aPolicy({ bounds: { min: 0 }, strategies: [{ ...requests, activation: 50 }] }),
      snapshot: aSnapshot({ desired: 2, metrics: { requests: 40 } }),
    },
    says: 'Requests 40 is not above the activation of 50, so 0. Scale in from 2 to 0.',
  },
  {
    why: 'a zero that somebody else set',
    given: { policy: aPolicy({ atZero: 'kubernetes' }), snapshot: at(70, 0) },
    says: 'The size is zero and automation did not set it: a HorizontalPodAutoscaler leaves it there until somebody scales out by hand. Hold at 0: it stays, because automation did not stop it.',
    briefly:
      'The size is zero and automation did not set it: a HorizontalPodAutoscaler leaves it there until somebody scales out by hand.',
  },
  {
    why: 'content',
    given: { snapshot: at(70) },
    says: 'CPU 70 % is within the tolerance around the target of 70 %. Hold at 4: it is what is needed.',
    briefly: 'CPU 70 % is within the tolerance around the target of 70 %.',
  },
  {
    why: 'at the minimum',
    given: { snapshot: at(20, 2) },
    says: 'CPU 20 % is below the target of 70 %: 2 × 20 / 70 = 0.571, so 1. The minimum is 2, so 2, not 1. Hold at 2: it is the minimum.',
  },
  {
    why: 'at the maximum',
    given: { snapshot: at(99, 20) },
    says: 'CPU 99 % is above the target of 70 %: 20 × 99 / 70 = 28.29, so 29. The maximum is 20, so 20, not 29. Hold at 20: it is the maximum.',
  },
  {
    why: 'units on their way',
    given: { snapshot: aSnapshot({ desired: 6, running: 4, metrics: { cpu: 83.2 } }) },
    says: 'CPU 83.2 % is above the target of 70 %: 4 × 83.2 / 70 = 4.75, which the 6 units asked for will carry. Hold at 6: it is what is needed.',
  },
  {
    why: 'two metrics, of which one is a total',
    given: { policy: both, snapshot: aSnapshot({ metrics: { cpu: 70, requests: 5200 } }) },
    says: 'CPU 70 % is within the tolerance around the target of 70 %. Requests 5200 is above the target of 1000 a unit: 5200 / 1000 = 5.2, so 6. Scale out from 4 to 6.',
    briefly: 'Requests 5200 is above the target of 1000 a unit: 5200 / 1000 = 5.2, so 6.',
  },
  {
    why: 'half-blind',
    given: { policy: both, snapshot: aSnapshot({ metrics: { cpu: 35, requests: 'stale' } }) },
    says: 'CPU 35 % is below the target of 70 %: 4 × 35 / 70 = 2, so 2. Requests is missing (stale: in this test). No scale-in while a metric is missing (requests). Hold at 4: it is held (metric-missing).',
    briefly:
      'CPU 35 % is below the target of 70 %: 4 × 35 / 70 = 2, so 2. No scale-in while a metric is missing (requests).',
  },
  {
    why: 'blind',
    given: { snapshot: aSnapshot({ metrics: { cpu: 'no-data' } }) },
    says: 'CPU is missing (no-data: in this test). No metric can be seen. Hold at 4: it stays, because nothing can be seen.',
    briefly: 'CPU is missing (no-data: in this test).',
  },
  {
    why: 'a fallback',
    given: {
      policy: aPolicy({ fallback: aFallback({ size: 10, afterMisses: 3 }) }),
      snapshot: aSnapshot({ metrics: { cpu: 'no-data' } }),
      state: aState({ misses: 2 }),
    },
    says: 'CPU is missing (no-data: in this test). No metric can be seen. No metric for 3 evaluations or more, so the declared fallback of 10 applies. Scale out from 4 to 10.',
    briefly:
      'CPU is missing (no-data: in this test). No metric for 3 evaluations or more, so the declared fallback of 10 applies.',
  },
  {
    why: 'an operator',
    given: { signal: aManualSignal({ size: 8 }) },
    says: 'ada asks for 8: a load test. Scale out from 4 to 8.',
    briefly: 'ada asks for 8: a load test.',
  },
  {
    why: 'a pin',
    given: {
      snapshot: at(140, 8),
      state: aState({ overrides: [aPin({ expiresAt: plusSeconds(NOW, 84) })] }),
    },
    says: 'CPU 140 % is above the target of 70 %: 8 × 140 / 70 = 16, so 16. ada pinned the size to 8 ("a load test"); the override ends at 10:04:30, in 84 s. Hold at 8: it is held (pinned).',
  },
  {
    why: 'a size below the bounds',
    given: { snapshot: at(70, 1) },
    says: 'The size 1 is below the minimum of 2. Scale out from 1 to 2.',
  },
];

describe('a decision in plain sentences', () => {
  test.each(cases)('$why', ({ given, says }) => {
    expect(explain(decideIn(given))).toBe(says);
  });
});

describe('the sentence that matters most', () => {
  test.each(cases.flatMap(({ briefly, ...rest }) => (briefly === undefined ? [] : [{ ...rest, briefly }])))(
    '$why',
    ({ given, briefly }) => {
      expect(explainBriefly(decideIn(given))).toBe(briefly);
    },
  );

  it('is the outcome where nothing else was said', () => {
    const hold = {
      kind: 'hold',
      reason: 'target-missing',
      size: 0,
      wish: null,
      until: null,
      trace: [],
    } as const;
    expect(explainBriefly(hold)).toBe('Hold at 0: it is held (target-missing).');
  });
});

test.each([
  [70, '70'],
  [83.2, '83.2'],
  [4.754285, '4.75'],
  [1234567.891, '1234567.89'],
  [0.0042, '0.0042'],
  [0.25, '0.25'],
  [0.857142, '0.857'],
  [0.1 + 0.2, '0.3'],
  [0.99999, '1'],
  [0, '0'],
  [-0.004, '-0.004'],
])('%d is written as %s', (value, text) => {
  expect(plainNumber(value)).toBe(text);
});

it('keeps the arithmetic of small numbers true: a latency of milliseconds', () => {
  const latency = aTargetTracking({
    metric: { ...cpu.metric, id: 'latency', label: 'Latency', unit: ' s' },
    target: 0.005,
  });
  const snapshot = aSnapshot({ metrics: { latency: 0.0072 } });
  expect(explainBriefly(decideIn({ policy: aPolicy({ strategies: [latency] }), snapshot }))).toBe(
    'Latency 0.0072 s is above the target of 0.005 s: 4 × 0.0072 / 0.005 = 5.76, so 6.',
  );
});
