import { describe, expect, it } from 'vitest';
import { Scorecard } from '../../shared/simulation/scorecard.ts';

/** A unit carries 70 at target and 100 at most, as with CPU at 70 %. */
const aCard = () => new Scorecard({ atTarget: 70, full: 100 });

const steady = { load: 140, running: 2, pending: 0, desired: 2 };

describe('a scorecard', () => {
  it('starts with nothing', () =>
    expect(aCard().score()).toEqual({
      unitHours: 0,
      underCapacityPct: 0,
      violationPct: 0,
      longestViolationSeconds: 0,
      minDesired: 0,
      maxDesired: 0,
      resizes: 0,
    }));

  it('bills running and starting units by the hour', () => {
    const card = aCard();
    card.observe(steady, 1800);
    card.observe({ ...steady, pending: 3, desired: 5 }, 600);
    expect(card.score().unitHours).toBe((2 * 1800 + 5 * 600) / 3600);
  });

  it('counts the time with fewer units than the load needs at target; exactly enough is enough', () => {
    const card = aCard();
    card.observe(steady, 90);
    card.observe({ ...steady, load: 140.1 }, 10);
    expect(card.score()).toMatchObject({ underCapacityPct: 10, violationPct: 0 });
  });

  it('counts the time with a load above 90 % of the running capacity; exactly 90 % is none', () => {
    const card = aCard();
    card.observe({ ...steady, load: 180 }, 75);
    card.observe({ ...steady, load: 180.1 }, 25);
    expect(card.score()).toMatchObject({ underCapacityPct: 100, violationPct: 25 });
  });

  it('takes starting units for no help', () => {
    const card = aCard();
    card.observe({ load: 190, running: 2, pending: 8, desired: 10 }, 10);
    expect(card.score().violationPct).toBe(100);
  });

  it('finds a load on nothing at all to be a violation, and no load on nothing to be none', () => {
    const card = aCard();
    card.observe({ load: 1, running: 0, pending: 0, desired: 0 }, 1);
    card.observe({ load: 0, running: 0, pending: 0, desired: 0 }, 1);
    expect(card.score()).toMatchObject({ violationPct: 50, underCapacityPct: 50 });
  });

  it('knows the longest violation without a pause', () => {
    const card = aCard();
    const bad = { ...steady, load: 199 };
    for (const [observed, seconds] of [
      [bad, 30],
      [steady, 1],
      [bad, 20],
      [bad, 25],
      [steady, 5],
      [bad, 40],
    ] as const) {
      card.observe(observed, seconds);
    }
    expect(card.score().longestViolationSeconds).toBe(45);
  });

  it('knows the smallest and the largest desired size, and counts resizes', () => {
    const card = aCard();
    for (const desired of [4, 2, 9]) card.observe({ ...steady, desired }, 1);
    card.countResize();
    card.countResize();
    expect(card.score()).toMatchObject({ minDesired: 2, maxDesired: 9, resizes: 2 });
  });
});
