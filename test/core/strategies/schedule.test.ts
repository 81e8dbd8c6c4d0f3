import { expect, it, test } from 'vitest';
import { scheduleProposal } from '../../../shared/core/strategies/schedule.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { anOpenWindow, aSchedule, opened } from '../../support/a-schedule.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { decideIn, inShort } from '../../support/deciding.ts';

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
