import { describe, expect, it } from 'vitest';
import { smallestFlip } from '../../shared/core/smallest-flip.ts';

const search = { least: 1e-9, usual: 1, reach: 1000 };

describe('the smallest flip', () => {
  it.each([2e-9, 0.004, 0.5, 1, 7.25, 999])(
    'is the line at %d, to a millionth and never short of it',
    (line) => {
      const found = smallestFlip({ ...search, flips: (distance) => distance >= line }) ?? 0;
      expect(found).toBeGreaterThanOrEqual(line);
      expect(found).toBeLessThanOrEqual(line * 1.000001);
    },
  );

  it('is the least distance where it flips at once', () => {
    expect(smallestFlip({ ...search, flips: (distance) => distance > 0 })).toBe(1e-9);
  });

  it('is none where nothing in reach flips, or where there is no reach', () => {
    expect(smallestFlip({ ...search, flips: () => false })).toBeNull();
    expect(smallestFlip({ ...search, reach: 0, flips: () => true })).toBeNull();
  });

  it('flips at the very end of the reach', () => {
    expect(smallestFlip({ ...search, flips: (distance) => distance >= 1000 })).toBe(1000);
  });

  it('is the beginning of a band that flips back', () => {
    const found = smallestFlip({ ...search, flips: (distance) => distance >= 2 && distance < 2.6 }) ?? 0;
    expect(found).toBeGreaterThanOrEqual(2);
    expect(found).toBeLessThan(2.01);
  });

  it('has nothing that flips at 99 % of it, also where a smaller band hides in the bracket', () => {
    // Found while 3.04 is narrowed down: a band that ends where 99 % of it begins.
    const flips = (distance: number) => distance >= 3.04 || (distance >= 3 && distance < 3.02);
    const found = smallestFlip({ ...search, flips }) ?? 0;
    expect(flips(found)).toBe(true);
    expect(flips(found * 0.99)).toBe(false);
    expect(found).toBeLessThan(3.02);
  });
});
