import { describe, expect, it, test } from 'vitest';
import { frozenBy, scheduledBounds, scheduledSize } from '../../shared/core/open-windows.ts';
import { NO_SCHEDULE, type Schedule, type ScheduleWindow } from '../../shared/core/schedule.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { aPolicy } from '../support/a-policy.ts';
import { anOpenWindow, aSchedule, opened } from '../support/a-schedule.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aState } from '../support/a-state.ts';
import { decideIn, inShort } from '../support/deciding.ts';
import { NOW } from '../support/now.ts';

const POLICY = { min: 2, max: 20 };
const ago = (seconds: number) => plusSeconds(NOW, -seconds);

const two = (
  first: Partial<ScheduleWindow>,
  second: Partial<ScheduleWindow>,
  overlap: Schedule['overlap'] = 'highest',
) =>
  aSchedule(
    [
      { name: 'first', ...first },
      { name: 'second', ...second },
    ],
    { overlap },
  );

/** The first window opened an hour ago, the second a minute ago. */
const BOTH = opened({ name: 'first', since: ago(3600) }, { name: 'second', since: ago(60) });
const TOGETHER = opened({ name: 'first' }, { name: 'second' });

const bounds = (schedule: Schedule | null, state = BOTH) => {
  const { min, max, minFrom, maxFrom } = scheduledBounds(POLICY, schedule, state);
  return `${min} ${minFrom ?? '-'}..${max} ${maxFrom ?? '-'}`;
};

describe('the bounds of open windows', () => {
  it('are those of the policy without a schedule, and while no window is open', () => {
    expect(bounds(null)).toBe('2 -..20 -');
    expect(bounds(two({ min: 5, max: 9 }, {}), NO_SCHEDULE)).toBe('2 -..20 -');
  });

  test.each<{ why: string; schedule: Schedule; is: string }>([
    { why: 'a window sets both', schedule: two({ min: 5, max: 9 }, {}), is: '5 first..9 first' },
    {
      why: 'two windows set one each',
      schedule: two({ min: 5 }, { max: 9 }),
      is: '5 first..9 second',
    },
    {
      why: 'the highest minimum and the highest maximum count',
      schedule: two({ min: 5, max: 9 }, { min: 4, max: 12 }),
      is: '5 first..12 second',
    },
    {
      why: 'a window that sets no maximum does not lift that of another',
      schedule: two({ max: 9 }, { min: 4 }),
      is: '4 second..9 first',
    },
    {
      why: 'the window that opened last counts where the policy says so',
      schedule: two({ min: 8, max: 12 }, { min: 4, max: 9 }, 'latest'),
      is: '4 second..9 second',
    },
    {
      why: 'a window that says nothing of a bound leaves it to the one before',
      schedule: two({ min: 8, max: 12 }, { min: 4 }, 'latest'),
      is: '4 second..12 first',
    },
    {
      why: 'a minimum above the maximum of another window lifts it',
      schedule: two({ min: 10 }, { max: 6 }),
      is: '10 first..10 first',
    },
    {
      why: 'a minimum stops at the maximum of the policy',
      schedule: two({ min: 30 }, {}),
      is: '20 first..20 -',
    },
    {
      why: 'a maximum stops at the minimum of the policy',
      schedule: two({ max: 1 }, {}),
      is: '2 -..2 first',
    },
    {
      why: 'no window leaves the bounds of the policy',
      schedule: two({ min: 0, max: 50 }, {}),
      is: '2 -..20 -',
    },
  ])('$why', ({ schedule, is }) => {
    expect(bounds(schedule)).toBe(is);
  });

  it('of windows that opened together are the higher ones, whatever the order', () => {
    for (const state of [TOGETHER, opened({ name: 'second' }, { name: 'first' })]) {
      expect(bounds(two({ min: 5 }, { min: 7 }, 'latest'), state)).toBe('7 second..20 -');
      expect(bounds(two({ min: 7 }, { min: 5 }, 'latest'), state)).toBe('7 first..20 -');
    }
  });

  it('are corrected at once, whatever cooldown runs', () => {
    const policy = aPolicy({ schedule: aSchedule([{ min: 8, max: 12 }]) });
    const state = aState({ lastOut: { at: NOW, from: 3, to: 4 }, lastIn: { at: NOW, from: 5, to: 4 } });
    const schedule = opened({});
    const low = decideIn({ policy, state, snapshot: aSnapshot({ desired: 4, schedule }) });
    expect(inShort(low)).toBe('4 -> 8');
    expect(low).toMatchObject({
      cause: 'schedule',
      trace: [{ detail: 'The size 4 is below the minimum of 8 of window day.' }],
    });
    const high = decideIn({ policy, state, snapshot: aSnapshot({ desired: 15, schedule }) });
    expect(inShort(high)).toBe('15 -> 12');
    expect(high).toMatchObject({
      cause: 'schedule',
      trace: [{ detail: 'The size 15 is above the maximum of 12 of window day.' }],
    });
  });

  it('bound what the metrics ask for', () => {
    const policy = aPolicy({ schedule: aSchedule([{ min: 4, max: 6 }]) });
    const at = (cpu: number) =>
      decideIn({ policy, snapshot: aSnapshot({ desired: 5, metrics: { cpu }, schedule: opened({}) }) });
    expect(inShort(at(140))).toBe('5 -> 6');
    expect(inShort(at(7))).toBe('5 -> 4');
  });
});

describe('the size of open windows', () => {
  it('is asked for by nobody without a window that sets one', () => {
    expect(scheduledSize(null, BOTH)).toBeNull();
    expect(scheduledSize(two({ min: 3 }, {}), BOTH)).toBeNull();
    expect(scheduledSize(two({ desired: 3 }, {}), NO_SCHEDULE)).toBeNull();
  });

  it('is the highest, or that of the window that opened last', () => {
    const size = (overlap: Schedule['overlap']) =>
      scheduledSize(two({ desired: 9 }, { desired: 6 }, overlap), BOTH);
    expect(size('highest')).toEqual({ size: 9, window: BOTH.open[0] });
    expect(size('latest')).toEqual({ size: 6, window: BOTH.open[1] });
  });
});

describe('a freeze', () => {
  it('holds the directions that it names while its window is open', () => {
    const frozen = (freeze: ScheduleWindow['freeze'], state = opened({ name: 'first' })) =>
      (['out', 'in'] as const).filter(
        (direction) => frozenBy(two({ freeze }, {}), state, direction) !== null,
      );
    expect(frozen('none')).toEqual([]);
    expect(frozen('out')).toEqual(['out']);
    expect(frozen('in')).toEqual(['in']);
    expect(frozen('both')).toEqual(['out', 'in']);
    expect(frozen('both', NO_SCHEDULE)).toEqual([]);
    expect(frozenBy(null, BOTH, 'in')).toBeNull();
  });

  it('lasts until the last of its windows closes', () => {
    const [soon, later, never] = [plusSeconds(NOW, 60), plusSeconds(NOW, 120), null];
    const last = (first: typeof never | typeof soon, second: typeof never | typeof soon) =>
      frozenBy(
        two({ freeze: 'in' }, { freeze: 'both' }),
        opened({ name: 'first', until: first }, { name: 'second', until: second }),
        'in',
      )?.until;
    expect(last(soon, later)).toBe(later);
    expect(last(later, soon)).toBe(later);
    expect(last(never, soon)).toBeNull();
    expect(last(soon, never)).toBeNull();
    expect(last(never, never)).toBeNull();
  });

  it('names the window that it is', () => {
    expect(frozenBy(aSchedule([{ freeze: 'in' }]), opened({}), 'in')).toEqual(anOpenWindow());
  });
});
