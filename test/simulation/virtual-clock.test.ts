import { expect, it } from 'vitest';
import { instant, plusSeconds } from '../../shared/core/time.ts';
import { VirtualClock } from '../../shared/simulation/virtual-clock.ts';

const START = instant(1_000_000);

it('stands still until it is moved', () => {
  const clock = new VirtualClock(START);
  expect(clock.now()).toBe(START);
  clock.advanceTo(plusSeconds(START, 60));
  clock.advanceTo(plusSeconds(START, 60));
  expect(clock.now()).toBe(plusSeconds(START, 60));
});

it.each([plusSeconds(START, -1), instant(Number.NaN)])(
  'never goes back, and knows no such time as %s',
  (to) => {
    const clock = new VirtualClock(START);
    expect(() => clock.advanceTo(to)).toThrow(/cannot go back/);
    expect(clock.now()).toBe(START);
  },
);
