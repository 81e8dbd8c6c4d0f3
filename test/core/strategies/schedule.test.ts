import { describe, expect, it, test } from 'vitest';
import { observe } from '../../../shared/core/observe.ts';
import { scheduleProposal } from '../../../shared/core/strategies/schedule.ts';
import { aFallback, aPolicy } from '../../support/a-policy.ts';
import { anOpenWindow, aSchedule, opened } from '../../support/a-schedule.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { aState } from '../../support/a-state.ts';
import { circumstances, decideIn, inShort } from '../../support/deciding.ts';

const schedule = aSchedule([{ desired: 8 }]);

test.each([
  { size: 4, verdict: 'above' },
  { size: 8, verdict: 'within-tolerance' },
  { size: 12, verdict: 'below' },
])('a window that wants 8 is $verdict at $size', ({ size, verdict }) => {
  expect(scheduleProposal(schedule, opened({}), size)).toMatchObject({
    kind: 'wish',
    from: 'schedule:day',
    wish: 8,
    step: { strategy: 'schedule', window: 'day', until: anOpenWindow().until, size, verdict },
  });
});

it('proposes nothing where no open window wants a size', () => {
  expect(scheduleProposal(aSchedule([{ min: 8 }]), opened({}), 4)).toBeNull();
});

it('stands beside the metrics: the largest wish wins', () => {
  const policy = aPolicy({ schedule });
  const at = (desired: number, cpu: number) =>
    decideIn({ policy, snapshot: aSnapshot({ desired, metrics: { cpu }, schedule: opened({}) }) });
  expect(inShort(at(4, 70))).toBe('4 -> 8');
  expect(inShort(at(8, 10))).toBe('hold at 8: at-desired');
  expect(inShort(at(8, 140))).toBe('8 -> 16');
  expect(inShort(at(12, 10))).toBe('12 -> 8');
});

it('is no reason to shrink while a metric is missing, and one to grow', () => {
  const policy = aPolicy({ schedule });
  const at = (desired: number) =>
    decideIn({
      policy,
      snapshot: aSnapshot({ desired, metrics: { cpu: 'no-data' }, schedule: opened({}) }),
    });
  expect(inShort(at(4))).toBe('4 -> 8');
  expect(inShort(at(12))).toBe('hold at 12: metric-missing');
});

it('goes to the minimum in a policy of windows alone while none is open', () => {
  const policy = aPolicy({ strategies: [], schedule });
  expect(inShort(decideIn({ policy, snapshot: aSnapshot({ desired: 2 }) }))).toBe('hold at 2: at-desired');
  expect(inShort(decideIn({ policy, snapshot: aSnapshot({ desired: 5 }) }))).toBe('5 -> 2');
  const open = aSnapshot({ desired: 5, schedule: opened({}) });
  expect(inShort(decideIn({ policy, snapshot: open }))).toBe('5 -> 8');
});

describe('a window that wants a size while no metric can be seen', () => {
  const policy = aPolicy({ schedule, fallback: aFallback({ size: 10, afterMisses: 2 }) });
  const seeing = (cpu: 'no-data' | number, desired = 8) =>
    aSnapshot({ desired, metrics: { cpu }, schedule: opened({}) });
  const at = (misses: number, given = policy, desired = 8) =>
    inShort(decideIn({ policy: given, state: aState({ misses }), snapshot: seeing('no-data', desired) }));

  it('does not stand in the way of a larger fallback', () => {
    expect(at(0)).toBe('hold at 8: at-desired');
    expect(at(1)).toBe('8 -> 10');
  });

  it('stands above a smaller one', () => {
    const lower = aPolicy({ schedule, fallback: aFallback({ size: 6, afterMisses: 1 }) });
    expect(at(5, lower, 4)).toBe('4 -> 8');
    expect(at(5, lower, 12)).toBe('hold at 12: metric-missing');
  });

  it('is no look at the load: misses and recovery are counted as if it were not there', () => {
    const counted = (cpu: 'no-data' | number) => {
      const given = { policy, state: aState({ misses: 1, recovering: 3 }), snapshot: seeing(cpu, 10) };
      const { state, signal, snapshot, now } = circumstances(given);
      const { misses, recovering } = observe(state, policy, snapshot, decideIn(given), signal, now);
      return { misses, recovering };
    };
    expect(counted('no-data')).toMatchObject({ misses: 2 });
    expect(counted(70)).toEqual({ misses: 0, recovering: 2 });
  });

  it('is no good look on the way to recovery', () => {
    const slow = { ...policy, fallback: aFallback({ recoverAfter: 3 }) };
    const given = { policy: slow, state: aState({ recovering: 2 }), snapshot: seeing('no-data', 10) };
    const { state, signal, snapshot, now } = circumstances(given);
    expect(observe(state, slow, snapshot, decideIn(given), signal, now)).toMatchObject({
      misses: 1,
      recovering: 3,
    });
  });
});
