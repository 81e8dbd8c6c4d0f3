import { describe, expect, it, test } from 'vitest';
import { recordWish, stabilize, wishesWithin } from '../../../shared/core/hpa/stabilization.ts';
import type { RecommendationRun } from '../../../shared/core/ledger-entry.ts';
import { instant, plusSeconds } from '../../../shared/core/time.ts';
import { fc } from '../../support/fast-check.ts';
import { NOW } from '../../support/now.ts';

const run = (wish: number, secondsAgo: number): RecommendationRun => ({
  wish,
  since: plusSeconds(NOW, -secondsAgo),
});
const ago = (seconds: number) => plusSeconds(NOW, -seconds);

describe('a wish against the history', () => {
  test.each([
    { what: 'no history, no limit', size: 5, wish: 2, history: [], is: 2 },
    {
      what: 'a higher wish of the window stops a cut there',
      size: 8,
      wish: 2,
      history: [run(6, 400), run(2, 100)],
      is: 6,
    },
    { what: 'but never raises the size', size: 4, wish: 2, history: [run(50, 400), run(2, 100)], is: 4 },
    {
      what: 'a wish exactly as old as the window has left it',
      size: 8,
      wish: 2,
      history: [run(8, 400), run(2, 300)],
      is: 2,
    },
    {
      what: 'one a millisecond younger has not',
      size: 8,
      wish: 2,
      history: [run(8, 400), run(2, 299.999)],
      is: 8,
    },
    { what: 'the last wish lasts until now', size: 8, wish: 2, history: [run(8, 9000)], is: 8 },
    { what: 'growth is not held by the window on scale-in', size: 4, wish: 9, history: [run(2, 10)], is: 9 },
  ])('scale-in window of 300 s: $what', ({ size, wish, history, is }) => {
    expect(stabilize(size, wish, history, { outSeconds: 0, inSeconds: 300 }, NOW).size).toBe(is);
  });

  test.each([
    {
      what: 'a lower wish of the window stops growth there',
      size: 2,
      wish: 9,
      history: [run(5, 90), run(9, 30)],
      is: 5,
    },
    { what: 'but never cuts', size: 6, wish: 9, history: [run(1, 90), run(9, 30)], is: 6 },
    {
      what: 'a wish exactly as old as the window has left it',
      size: 2,
      wish: 9,
      history: [run(2, 90), run(9, 60)],
      is: 9,
    },
  ])('scale-out window of 60 s: $what', ({ size, wish, history, is }) => {
    expect(stabilize(size, wish, history, { outSeconds: 60, inSeconds: 0 }, NOW).size).toBe(is);
  });

  it('tells which window holds and when the wish in the way leaves it', () => {
    const cut = stabilize(8, 2, [run(8, 400), run(2, 100)], { outSeconds: 60, inSeconds: 300 }, NOW);
    expect(cut).toEqual({ size: 8, limited: 'in', until: plusSeconds(NOW, 200) });
    const growth = stabilize(2, 9, [run(2, 90), run(9, 20)], { outSeconds: 60, inSeconds: 300 }, NOW);
    expect(growth).toEqual({ size: 2, limited: 'out', until: plusSeconds(NOW, 40) });
    expect(stabilize(2, 9, [], { outSeconds: 60, inSeconds: 300 }, NOW)).toEqual({ size: 9, limited: null });
  });

  it('counts a wish that still stands until a whole window from now', () => {
    const held = stabilize(8, 2, [run(8, 400)], { outSeconds: 0, inSeconds: 300 }, NOW);
    expect(held).toEqual({ size: 8, limited: 'in', until: plusSeconds(NOW, 300) });
  });
});

describe('the run-length coded history', () => {
  it('does not change while a wish is repeated, however long', () => {
    const history = [run(9, 9000), run(4, 8000)];
    expect(recordWish(history, 4, 300, NOW)).toBe(history);
  });

  it('starts a run with a new wish and drops the runs that left the longest window', () => {
    expect(recordWish([run(9, 900), run(5, 300), run(6, 299)], 4, 300, NOW)).toEqual([
      run(5, 300),
      run(6, 299),
      run(4, 0),
    ]);
    expect(recordWish([run(9, 900), run(5, 301), run(6, 300)], 4, 300, NOW)).toEqual([
      run(6, 300),
      run(4, 0),
    ]);
  });

  it('keeps a run that began at this very instant: the size that a target is first seen with is one', () => {
    expect(recordWish([run(9, 0)], 4, 300, NOW)).toEqual([run(9, 0), run(4, 0)]);
  });

  it('keeps nothing of an earlier wish without a window', () => {
    expect(recordWish([run(9, 100)], 4, 0, NOW)).toEqual([run(4, 0)]);
  });

  it('starts empty', () => {
    expect(recordWish([], 4, 300, NOW)).toEqual([run(4, 0)]);
    expect(wishesWithin([], 300, NOW)).toEqual([]);
  });
});

/** The straightforward model: every wish at every millisecond from the first to now, in a list. */
const samples = fc
  .array(fc.tuple(fc.nat({ max: 6 }), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 12 })
  .map((wishes) => {
    const ends = wishes.map(
      ([, gap], index) => gap + wishes.slice(0, index).reduce((sum, [, each]) => sum + each, 0),
    );
    return wishes.map(([wish], index) => ({ wish, at: instant(ends[index] ?? 0) }));
  });

const model = (list: readonly { wish: number; at: number }[], windowMillis: number, now: number) => {
  const standing = (time: number) => list.findLast(({ at }) => at <= time)?.wish;
  const within = new Set<number>();
  // Strictly younger than the window, and strictly before now: the wish of now is counted by itself.
  for (let time = Math.max(now - windowMillis, 0); time < now; time += 1) {
    const wish = standing(time);
    if (wish !== undefined && windowMillis > 0) within.add(wish);
  }
  return within;
};

it('agrees with a plain list of samples, for every window and wish', () => {
  fc.assert(
    fc.property(
      samples,
      fc.integer({ min: 1, max: 60 }),
      fc.nat({ max: 60 }),
      fc.nat({ max: 60 }),
      fc.nat({ max: 8 }),
      fc.nat({ max: 8 }),
      (list, after, outMillis, inMillis, size, wish) => {
        const now = instant((list.at(-1)?.at ?? 0) + after);
        const keep = Math.max(outMillis, inMillis) / 1000;
        const history = list.reduce<readonly RecommendationRun[]>(
          (runs, sample) => recordWish(runs, sample.wish, keep, sample.at),
          [],
        );
        const lowest = Math.min(wish, ...model(list, outMillis, now));
        const highest = Math.max(wish, ...model(list, inMillis, now));
        const expected = Math.min(Math.max(size, lowest), highest);
        const window = { outSeconds: outMillis / 1000, inSeconds: inMillis / 1000 };
        const result = stabilize(size, wish, history, window, now);
        expect(result.size).toBe(expected);
        if (result.limited === null) return;
        // When the wish in the way has left its window, and the same wish stands, the limit is gone.
        const then = recordWish(history, wish, keep, now);
        expect(stabilize(size, wish, then, window, result.until).limited).toBeNull();
        expect(stabilize(size, wish, then, window, instant(result.until - 1)).limited).toBe(result.limited);
      },
    ),
    { numRuns: 3000 },
  );
});

it('counts the wishes in force less than so long ago', () => {
  expect(wishesWithin([run(1, 90), run(2, 60), run(3, 30)], 60, NOW)).toEqual([2, 3]);
  expect(wishesWithin([{ wish: 1, since: ago(90) }], 0, NOW)).toEqual([]);
});
