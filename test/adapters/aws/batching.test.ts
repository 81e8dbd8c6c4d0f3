import { describe, expect, it } from 'vitest';
import { batchesByWeight, batchesOf, inParallel } from '../../../shared/adapters/aws/batching.ts';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe('cutting a list', () => {
  it.each([
    [0, []],
    [10, [10]],
    [11, [10, 1]],
    [30, [10, 10, 10]],
  ])('of %i into tens gives pieces of %j', (count, sizes) => {
    expect(batchesOf(upTo(count), 10).map(({ length }) => length)).toEqual(sizes);
    expect(batchesOf(upTo(count), 10).flat()).toEqual(upTo(count));
  });

  it('by weight keeps both limits, and lets one heavy item stand alone', () => {
    const weights = [3, 3, 3, 20, 1, 1, 1, 1, 1];
    const batches = batchesByWeight(weights, { count: 4, weight: 8 }, (weight) => weight);
    expect(batches).toEqual([[3, 3], [3], [20], [1, 1, 1, 1], [1]]);
  });
});

describe('working in parallel', () => {
  it('works on no more than the limit at once, and keeps the order of results', async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel(upTo(20), 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, item % 3));
      running -= 1;
      return item * 2;
    });
    expect(most).toBe(3);
    expect(results).toEqual(upTo(20).map((item) => item * 2));
  });

  it('fails as its first failing item does', async () => {
    const work = (item: number) => (item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item));
    await expect(inParallel(upTo(5), 2, work)).rejects.toThrow('two');
  });
});
