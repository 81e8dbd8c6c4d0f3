import { describe, expect, it, test } from 'vitest';
import type { ScheduleProposal } from '../../shared/core/decision.ts';
import { explain } from '../../shared/core/explain.ts';
import { proposalSentence } from '../../shared/core/proposal-sentence.ts';
import type { Sight } from '../../shared/core/strategies/proposal.ts';
import { proposalsOf } from '../../shared/core/strategies/propose.ts';
import type { SizeChange, Strategy } from '../../shared/core/strategy.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aResize } from '../support/a-state.ts';
import {
  aMetric,
  anExpression,
  aQueue,
  aSeries,
  aSight,
  aStepScaling,
  aThreshold,
  times,
} from '../support/a-strategy.ts';
import { decideIn } from '../support/deciding.ts';
import { NOW } from '../support/now.ts';

/** The sentence about the first strategy of a policy. */
function says(strategy: Strategy, sight: Sight): string {
  const [proposal] = proposalsOf(aPolicy({ strategies: [strategy] }), sight);
  if (proposal === undefined || proposal.kind === 'blind') throw new Error('it has nothing to say');
  return proposalSentence(proposal.step);
}

const cpu = (value: number, desired = 10) => aSight({ desired, metrics: { cpu: value } });

describe('a step', () => {
  const one = (adjustment: number) => ({ threshold: 50, steps: [{ lower: 0, upper: null, adjustment }] });

  test.each([
    [70, 'CPU 70 % is 20 above the threshold of 50 %: the step there is +30 %, so 13.'],
    [40, 'CPU 40 % is 10 below the threshold of 50 %: the step there is -10 %, so 9.'],
    [55, 'CPU 55 % is 5 above the threshold of 50 %: the step there is 0 %, which leaves 10.'],
    [50, 'CPU 50 % is at the threshold of 50 %: the step there is 0 %, which leaves 10.'],
  ])('of a percentage, at %d', (value, sentence) => {
    expect(says(aStepScaling(), cpu(value))).toBe(sentence);
  });

  it('of units, of a size, and none at all', () => {
    const units = aStepScaling({ adjustmentType: 'ChangeInCapacity', out: one(2), in: null });
    expect(says(units, cpu(70))).toBe(
      'CPU 70 % is 20 above the threshold of 50 %: the step there is +2, so 12.',
    );
    expect(says(units, cpu(30))).toBe('CPU 30 % is in no step, so nothing changes.');
    expect(says(aStepScaling({ adjustmentType: 'ExactCapacity', out: one(15) }), cpu(70))).toBe(
      'CPU 70 % is 20 above the threshold of 50 %: the step there is exactly 15, so 15.',
    );
  });
});

describe('a threshold', () => {
  const sight = (...values: readonly number[]) => aSight({ metrics: { cpu: aSeries(...values) } });
  const atOnce = (change: SizeChange) => aThreshold({ out: { threshold: 70, forSeconds: 0, change } });

  test.each([
    { values: times(10, 80), sentence: 'CPU has been above 70 % for 600 s: 2 more, so 6.' },
    { values: times(5, 20), sentence: 'CPU has been below 30 % for 300 s: 1 less, so 3.' },
    { values: times(2, 80), sentence: 'CPU 80 % is above 70 %, for 120 s of 600 s so far.' },
    { values: times(2, 20), sentence: 'CPU 20 % is below 30 %, for 120 s of 300 s so far.' },
    { values: [50], sentence: 'CPU 50 % is beyond no threshold.' },
  ])('$sentence', ({ values, sentence }) => {
    expect(says(aThreshold(), sight(...values))).toBe(sentence);
  });

  test.each<{ change: SizeChange; sentence: string }>([
    { change: { kind: 'units', value: 2 }, sentence: 'CPU 80 % is above 70 %: 2 more, so 6.' },
    { change: { kind: 'percent', value: 50 }, sentence: 'CPU 80 % is above 70 %: 50 % more, so 6.' },
    { change: { kind: 'exact', value: 9 }, sentence: 'CPU 80 % is above 70 %: exactly 9, so 9.' },
    {
      change: { kind: 'exact', value: 3 },
      sentence: 'CPU 80 % is above 70 %: exactly 3, which the size of 4 already meets.',
    },
  ])('$sentence', ({ change, sentence }) => {
    expect(says(atOnce(change), sight(80))).toBe(sentence);
  });
});

describe('a queue', () => {
  const memory = { metric: aMetric({ id: 'memory' }), above: 80, below: 40 };
  const measured = {
    kind: 'latency',
    targetLatencySeconds: 60,
    concurrency: 1,
    execution: { kind: 'metric', metric: aMetric({ id: 'execution' }) },
  } as const;
  const idle = aSeries(...times(6, 8));

  test.each<{
    strategy?: Partial<ReturnType<typeof aQueue>>;
    given: Parameters<typeof aSight>[0];
    sentence: string;
  }>([
    {
      given: { metrics: { queue: 950 } },
      sentence: 'Queue 950 at 100 a worker: 950 / 100 = 9.5, so 10.',
    },
    {
      given: { metrics: { queue: 8 } },
      sentence:
        'Queue 8 at 100 a worker: 8 / 100 = 0.08, but the queue has not been idle for long enough, so it stays at 4.',
    },
    {
      strategy: { memory },
      given: { metrics: { queue: 100, memory: 85 } },
      sentence: 'Queue 100 at 100 a worker: 100 / 100 = 1, but memory 85 is high, so one more: 5.',
    },
    {
      strategy: { memory },
      given: {
        desired: 5,
        running: 4,
        state: { resize: aResize({ from: 4, to: 5 }) },
        metrics: { queue: 100, memory: 85 },
      },
      sentence:
        'Queue 100 at 100 a worker: 100 / 100 = 1, but memory 85 is high, and one more is on its way.',
    },
    {
      given: { metrics: { queue: idle, memory: 39 } },
      strategy: { memory },
      sentence:
        'Queue 8 at 100 a worker: 8 / 100 = 0.08, but fewer than 2 would have too little memory, so 2.',
    },
    {
      strategy: { memory },
      given: { metrics: { queue: idle, memory: 50 } },
      sentence: 'Queue 8 at 100 a worker: 8 / 100 = 0.08, but memory 50 is not low, so it stays at 4.',
    },
    {
      strategy: { memory },
      given: { metrics: { queue: idle, memory: 'stale' } },
      sentence: 'Queue 8 at 100 a worker: 8 / 100 = 0.08, but memory is missing, so it stays at 4.',
    },
    {
      strategy: { memory, backlogPerWorker: measured },
      given: { metrics: { queue: 100, memory: 85, execution: 'no-data' } },
      sentence: 'Queue 100, but memory 85 is high, so one more: 5.',
    },
    { given: { desired: 0, metrics: { queue: 0 } }, sentence: 'Queue 0 is not above the activation, so 0.' },
    {
      strategy: { backlogPerWorker: measured },
      given: { desired: 0, metrics: { queue: 3, execution: 'no-data' } },
      sentence: 'Queue 3 is above the activation, so 1.',
    },
  ])('$sentence', ({ strategy = {}, given, sentence }) => {
    expect(says(aQueue(strategy), aSight(given))).toBe(sentence);
  });
});

describe('a formula', () => {
  it('shows what went into it', () => {
    expect(says(anExpression(), cpu(55))).toBe('Formula: cpu / 10 with cpu = 55 is 5.5, so 6.');
  });

  it('may be of no metric', () => {
    const strategy = anExpression({ metrics: [], source: '3 + 4', formula: { op: 'number', value: 7 } });
    expect(says(strategy, aSight())).toBe('Formula: 3 + 4 is 7, so 7.');
  });
});

test.each([
  { until: plusSeconds(NOW, 60), sentence: 'The window business-hours wants 10 until 10:04:06.' },
  { until: null, sentence: 'The window business-hours wants 10.' },
])('a window: $sentence', ({ until, sentence }) => {
  const step: ScheduleProposal = {
    step: 'proposal',
    strategy: 'schedule',
    window: 'business-hours',
    until,
    metric: 'schedule',
    label: 'Schedule',
    unit: '',
    value: 10,
    size: 4,
    wish: 10,
    verdict: 'above',
    scope: 'independent',
    carried: null,
    outAbove: null,
  };
  expect(proposalSentence(step)).toBe(sentence);
});

it('names every strategy, and the metrics that one of them could do without', () => {
  const memory = { metric: aMetric({ id: 'memory', label: 'Memory' }), above: 80, below: 40 };
  const policy = aPolicy({ strategies: [aTargetTracking(), aQueue({ memory })] });
  const snapshot = aSnapshot({ metrics: { cpu: 20, queue: 100, memory: 'no-data' } });
  expect(explain(decideIn({ policy, snapshot }))).toBe(
    'CPU 20 % is below the target of 70 %: 4 × 20 / 70 = 1.14, so 2. Queue 100 at 100 a worker: 100 / 100 = 1, but the queue has not been idle for long enough, so it stays at 4. Memory is missing (no-data: in this test). Hold at 4: it is what is needed.',
  );
});
