import { describe, expect, it, test } from 'vitest';
import { proposeQueue } from '../../../shared/core/strategies/queue.ts';
import type { BacklogPerWorker, QueueStrategy } from '../../../shared/core/strategy.ts';
import { aResize } from '../../support/a-state.ts';
import { aMetric, aQueue, aSeries, aSight, stepOf, times, wished } from '../../support/a-strategy.ts';
import { fc } from '../../support/fast-check.ts';

type Given = Parameters<typeof aSight>[0];
type Metrics = NonNullable<NonNullable<Given>['metrics']>;

const memory = { metric: aMetric({ id: 'memory', label: 'Memory' }), above: 80, below: 40 };

const propose = (metrics: Metrics, strategy: Partial<QueueStrategy> = {}, given: Given = {}) =>
  proposeQueue(aQueue(strategy), aSight({ ...given, metrics }));

/** A queue that has been so long for six minutes. */
const lasting = (length: number) => aSeries(...times(6, length));

const latency = (execution: 'metric' | number): BacklogPerWorker => ({
  kind: 'latency',
  targetLatencySeconds: 60,
  concurrency: 4,
  execution:
    execution === 'metric'
      ? { kind: 'metric', metric: aMetric({ id: 'execution', label: 'Execution', unit: ' s' }) }
      : { kind: 'fixed', seconds: execution },
});

describe('the backlog of a worker', () => {
  test.each([
    { queue: 950, says: '10 above' },
    { queue: 401, says: '5 above' },
    { queue: 400, says: '4 within-tolerance' },
    { queue: 399, says: '4 within-tolerance' },
    { queue: 301, says: '4 within-tolerance' },
  ])('$queue messages at 100 a worker: $says', ({ queue, says }) => {
    const proposal = propose({ queue });
    expect(wished(proposal)).toBe(says);
    expect(stepOf(proposal, 'queue')).toMatchObject({
      because: 'backlog',
      perWorker: 100,
      exact: queue / 100,
    });
  });

  it('may follow from a latency and a fixed time of execution', () => {
    // 60 s / 30 s × 4 at a time = 8 messages a worker.
    const proposal = propose({ queue: 100 }, { backlogPerWorker: latency(30) });
    expect(stepOf(proposal, 'queue')).toMatchObject({ perWorker: 8, exact: 12.5, wish: 13, outAbove: 8 });
  });

  it('may follow from a measured time of execution', () => {
    const proposal = propose({ queue: 100, execution: 30 }, { backlogPerWorker: latency('metric') });
    expect(stepOf(proposal, 'queue')).toMatchObject({ perWorker: 8, wish: 13 });
  });

  it('is not rounded up for the dust of floating point', () => {
    const backlogPerWorker = { kind: 'fixed', messages: 0.1 } as const;
    expect(wished(propose({ queue: 0.7 }, { backlogPerWorker }))).toBe('7 above');
  });
});

describe('a cut', () => {
  test.each([
    { why: 'idle for five minutes', queue: lasting(8), says: '1 below', because: 'backlog' },
    {
      why: 'idle at the length that counts as idle',
      queue: lasting(10),
      says: '1 below',
      because: 'backlog',
    },
    { why: 'empty', queue: lasting(0), says: '0 below', because: 'backlog' },
    { why: 'not idle at all', queue: lasting(150), says: '4 within-tolerance', because: 'not-idle-yet' },
    {
      why: 'not idle for long enough',
      queue: aSeries(8, 8, 8, 8, 11),
      says: '4 below',
      because: 'not-idle-yet',
    },
    {
      why: 'a gap is no idleness',
      queue: aSeries(8, null, ...times(8, 8)),
      says: '4 below',
      because: 'not-idle-yet',
    },
  ])('$why: $says', ({ queue, says, because }) => {
    const proposal = propose({ queue });
    expect(wished(proposal)).toBe(says);
    expect(stepOf(proposal, 'queue').because).toBe(because);
  });

  test.each([
    { why: 'memory is low', bytes: 19, says: '1 below', because: 'backlog' },
    {
      why: 'memory is low, but one worker could not hold it',
      bytes: 39,
      says: '2 below',
      because: 'memory-shared',
    },
    { why: 'memory is not low', bytes: 40, says: '4 below', because: 'memory-not-low' },
  ])('waits for memory: $why', ({ bytes, says, because }) => {
    const proposal = propose({ queue: lasting(8), memory: bytes }, { memory });
    expect(wished(proposal)).toBe(says);
    expect(stepOf(proposal, 'queue')).toMatchObject({ because, memory: bytes });
  });

  it('is no cut to the last worker at or below the activation, where none is needed', () => {
    const strategy = { activation: 20 };
    const activated = propose({ queue: lasting(8) }, strategy);
    expect(wished(activated)).toBe('0 below');
    expect(stepOf(activated, 'queue').because).toBe('activation');
    expect(wished(propose({ queue: lasting(8) }, strategy, { min: 1 }))).toBe('1 below');
    expect(wished(propose({ queue: lasting(8) }, { activation: 8 }))).toBe('0 below');
    expect(wished(propose({ queue: lasting(8) }, { activation: 7 }))).toBe('1 below');
  });

  it('never takes away more than the backlog allows, whatever the activation', () => {
    const strategy = { activation: 500, in: { queueLength: 300, idleSeconds: 300 } };
    expect(wished(propose({ queue: lasting(250) }, strategy))).toBe('3 below');
  });
});

describe('memory', () => {
  test.each([
    { why: 'high: one more', queue: 100, bytes: 81, says: '5 above', because: 'memory-high' },
    { why: 'at its limit: nothing', queue: 400, bytes: 80, says: '4 within-tolerance', because: 'backlog' },
    {
      why: 'high, and the backlog asks for more',
      queue: 950,
      bytes: 81,
      says: '10 above',
      because: 'backlog',
    },
    {
      why: 'high, and the backlog asks for as much',
      queue: 500,
      bytes: 81,
      says: '5 above',
      because: 'backlog',
    },
  ])('$why', ({ queue, bytes, says, because }) => {
    const proposal = propose({ queue, memory: bytes }, { memory });
    expect(wished(proposal)).toBe(says);
    expect(stepOf(proposal, 'queue')).toMatchObject({ because, memory: bytes });
  });

  it('that is still high while one more is on its way asks for no further one', () => {
    const given = { desired: 5, running: 4, state: { resize: aResize({ from: 4, to: 5 }) } };
    expect(wished(propose({ queue: 100, memory: 90 }, { memory }, given))).toBe('5 covered-by-pending');
  });

  it('that is missing stops a cut and no growth, and is named', () => {
    const metrics = { memory: 'stale' } as const;
    const cut = propose({ queue: lasting(8), ...metrics }, { memory });
    expect(cut).toMatchObject({
      kind: 'wish',
      wish: 4,
      missing: [{ step: 'missing', metric: 'memory', label: 'Memory', reason: 'stale' }],
      step: { because: 'memory-not-low', memory: null, verdict: 'below' },
    });
    expect(propose({ queue: 950, ...metrics }, { memory })).toMatchObject({
      wish: 10,
      missing: [{ metric: 'memory' }],
    });
  });

  it('says nothing while no worker serves', () => {
    const proposal = propose({ queue: 100, memory: 90 }, { memory }, { desired: 2, running: 0 });
    expect(proposal).toMatchObject({ wish: 2, missing: [{ metric: 'memory', reason: 'no-units-ready' }] });
  });

  it('is not looked at where there is no worker', () => {
    const proposal = propose({ queue: 100, memory: 'no-data' }, { memory }, { desired: 0 });
    expect(proposal).toMatchObject({ kind: 'wish', wish: 1 });
    expect(proposal).not.toHaveProperty('missing');
  });
});

describe('from no worker at all', () => {
  test.each([
    { queue: 0, activation: 0, says: '0 within-tolerance', because: 'activation' },
    { queue: 1, activation: 0, says: '1 above', because: 'backlog' },
    { queue: 5, activation: 5, says: '0 within-tolerance', because: 'activation' },
    { queue: 6, activation: 5, says: '1 above', because: 'backlog' },
    { queue: 450, activation: 500, says: '0 within-tolerance', because: 'activation' },
    { queue: 501, activation: 500, says: '6 above', because: 'backlog' },
  ])('$queue messages with an activation of $activation: $says', ({ queue, activation, says, because }) => {
    const proposal = propose({ queue }, { activation }, { desired: 0 });
    expect(wished(proposal)).toBe(says);
    expect(stepOf(proposal, 'queue').because).toBe(because);
  });

  it('the first worker needs no time of execution: nothing is executed yet', () => {
    const strategy = { backlogPerWorker: latency('metric') };
    expect(propose({ queue: 500, execution: 'no-data' }, strategy, { desired: 0 })).toMatchObject({
      wish: 1,
      missing: [{ metric: 'execution' }],
      step: { because: 'activation', perWorker: null, exact: null, outAbove: null },
    });
    expect(wished(propose({ queue: 0, execution: 'no-data' }, strategy, { desired: 0 }))).toBe(
      '0 within-tolerance',
    );
  });
});

describe('what is missing', () => {
  it('the length of the queue: nothing can be said', () => {
    expect(propose({ queue: 'stale', memory: 90 }, { memory })).toMatchObject({
      kind: 'blind',
      from: 'queue',
      step: { metric: 'queue', reason: 'stale' },
    });
  });

  test.each([
    { execution: 'read-failed', reason: 'read-failed', detail: 'in this test' },
    {
      execution: 0,
      reason: 'not-a-number',
      detail: 'an execution time of 0 says nothing of what a worker can finish',
    },
  ] as const)('the time of execution ($execution): nothing can be said', ({ execution, reason, detail }) => {
    expect(propose({ queue: 500, execution }, { backlogPerWorker: latency('metric') })).toMatchObject({
      kind: 'blind',
      from: 'queue',
      step: { metric: 'execution', reason, detail },
    });
  });

  it('the time of execution, and memory is high: one more all the same', () => {
    const strategy = { backlogPerWorker: latency('metric'), memory };
    expect(propose({ queue: 500, execution: 'no-data', memory: 90 }, strategy)).toMatchObject({
      wish: 5,
      missing: [{ metric: 'execution' }],
      step: { because: 'memory-high', perWorker: null, exact: null },
    });
    expect(wished(propose({ queue: 500, execution: 'no-data', memory: 50 }, strategy))).toBe(
      'blind: no-data',
    );
  });
});

it('shows every number of its arithmetic', () => {
  expect(propose({ queue: 950, memory: 50 }, { memory })).toEqual({
    kind: 'wish',
    from: 'queue',
    wish: 10,
    step: {
      step: 'proposal',
      strategy: 'queue',
      metric: 'queue',
      label: 'Queue',
      unit: '',
      scope: 'total',
      value: 950,
      size: 4,
      perWorker: 100,
      exact: 9.5,
      wish: 10,
      memory: 50,
      because: 'backlog',
      verdict: 'above',
      carried: 950,
      outAbove: 100,
    },
  });
});

it('wishes for whole workers, more of them for a longer queue, and never fewer while it is not idle', () => {
  const strategy = { memory, activation: 3 };
  fc.assert(
    fc.property(fc.nat(3000), fc.nat(3000), fc.nat(100), fc.nat(20), (one, other, bytes, desired) => {
      const [short, long] = [Math.min(one, other), Math.max(one, other)].map(
        (queue) =>
          stepOf(propose({ queue: lasting(queue), memory: bytes }, strategy, { desired }), 'queue').wish,
      );
      expect(Number.isInteger(short)).toBe(true);
      expect(short).toBeGreaterThanOrEqual(0);
      expect(long).toBeGreaterThanOrEqual(short ?? 0);
      if (Math.min(one, other) > 10) expect(short).toBeGreaterThanOrEqual(desired);
    }),
    { numRuns: 3000 },
  );
});
