import { describe, expect, it, test } from 'vitest';
import type { Fallback } from '../../shared/core/policy.ts';
import { aFallback, aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aSchedule, opened } from '../support/a-schedule.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aPin, aState } from '../support/a-state.ts';
import { decideIn, inShort } from '../support/deciding.ts';

const requested = (decision: ReturnType<typeof decideIn>) =>
  decision.trace.flatMap((step) => (step.step === 'request' ? [step.detail] : []));

describe('a fallback', () => {
  test.each<{ mode: Fallback['mode']; size: number; outcome: string; detail: string }>([
    { mode: 'static', size: 6, outcome: '4 -> 6', detail: 'fallback of 6 applies' },
    { mode: 'static', size: 3, outcome: '4 -> 3', detail: 'fallback of 3 applies' },
    {
      mode: 'current',
      size: 6,
      outcome: 'hold at 4: blind',
      detail: 'fallback of the current size of 4 applies',
    },
    {
      mode: 'higher',
      size: 6,
      outcome: '4 -> 6',
      detail: 'fallback of the higher of current and declared, 6 applies',
    },
    {
      mode: 'higher',
      size: 3,
      outcome: 'hold at 4: blind',
      detail: 'fallback of the higher of current and declared, 4 applies',
    },
    {
      mode: 'lower',
      size: 6,
      outcome: 'hold at 4: blind',
      detail: 'fallback of the lower of current and declared, 4 applies',
    },
    {
      mode: 'lower',
      size: 3,
      outcome: '4 -> 3',
      detail: 'fallback of the lower of current and declared, 3 applies',
    },
  ])('of $mode $size takes 4 to: $outcome', ({ mode, size, outcome, detail }) => {
    const policy = aPolicy({ fallback: aFallback({ mode, size, afterMisses: 2 }) });
    const decision = decideIn({ policy, snapshot: aSnapshot({ metrics: {} }), state: aState({ misses: 1 }) });
    expect(inShort(decision)).toBe(outcome);
    expect(requested(decision)).toEqual([`No metric for 2 evaluations or more, so the declared ${detail}.`]);
  });

  it('does not apply while one of several metrics can be seen', () => {
    const memory = aTargetTracking({ metric: { ...aTargetTracking().metric, id: 'memory' } });
    const policy = aPolicy({
      strategies: [aTargetTracking(), memory],
      fallback: aFallback({ afterMisses: 1 }),
    });
    const decision = decideIn({ policy, snapshot: aSnapshot({ metrics: { cpu: 35 } }) });
    expect(requested(decision)).toEqual([]);
    expect(inShort(decision)).toBe('hold at 4: metric-missing');
  });
});

describe('a size outside the bounds in force', () => {
  const policy = aPolicy({
    bounds: { min: 2, max: 20 },
    schedule: aSchedule([{ name: 'day', min: 6, max: 10 }]),
  });
  const at = (desired: number) =>
    decideIn({ policy, snapshot: aSnapshot({ desired, schedule: opened({ name: 'day' }) }) });

  test.each([
    { size: 25, to: 10, cause: 'bounds', says: 'The size 25 is above the maximum of 10.' },
    { size: 20, to: 10, cause: 'schedule', says: 'The size 20 is above the maximum of 10 of window day.' },
    { size: 2, to: 6, cause: 'schedule', says: 'The size 2 is below the minimum of 6 of window day.' },
    { size: 1, to: 6, cause: 'bounds', says: 'The size 1 is below the minimum of 6.' },
  ])('$size goes to $to because of $cause', ({ size, to, cause, says }) => {
    const decision = at(size);
    expect(decision).toMatchObject({ kind: 'resize', from: size, to, cause });
    expect(requested(decision)).toEqual([says]);
  });
});

it('goes to the minimum outside the windows of a policy of schedules alone, and says so', () => {
  const policy = aPolicy({ strategies: [], schedule: aSchedule([{ desired: 8 }]) });
  const decision = decideIn({ policy, snapshot: aSnapshot({ metrics: {} }) });
  expect(decision).toMatchObject({ kind: 'resize', from: 4, to: 2, cause: 'policy' });
  expect(requested(decision)).toEqual(['No window wants a size now, so the minimum of 2.']);
});

it('says whose pin it follows', () => {
  const decision = decideIn({ state: aState({ overrides: [aPin({ size: 8 })] }) });
  expect(requested(decision)).toEqual(['ada pinned the size to 8, and it is 4.']);
});

it('names the tolerance or the minimum after the strategy that won, whatever their order', () => {
  const metric = (id: string) => ({ ...aTargetTracking().metric, id });
  const [cpu, memory] = [
    aTargetTracking({ metric: metric('cpu') }),
    aTargetTracking({ metric: metric('memory') }),
  ];
  const snapshot = aSnapshot({ desired: 4, metrics: { cpu: 20, memory: 70 } });
  for (const strategies of [
    [cpu, memory],
    [memory, cpu],
  ]) {
    expect(inShort(decideIn({ policy: aPolicy({ strategies }), snapshot }))).toBe(
      'hold at 4: within-tolerance',
    );
  }
  const low = aSnapshot({ desired: 2, metrics: { cpu: 20, memory: 30 } });
  expect(inShort(decideIn({ policy: aPolicy({ strategies: [cpu, memory] }), snapshot: low }))).toBe(
    'hold at 2: at-minimum',
  );
});
