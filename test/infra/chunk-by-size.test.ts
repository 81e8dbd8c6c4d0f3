import { describe, expect, it } from 'vitest';
import { chunkBySize } from '../../infra/chunk-by-size.ts';
import { fc } from '../support/fast-check.ts';

describe('chunkBySize', () => {
  it('loses nothing, keeps the order, and never exceeds the budget', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 40 })),
        fc.integer({ min: 40, max: 200 }),
        (items, budget) => {
          const chunks = chunkBySize({ items, sizeOf: (text) => text.length, budget });
          expect(chunks.flat()).toEqual(items);
          for (const chunk of chunks) {
            expect(chunk.length).toBeGreaterThan(0);
            expect(chunk.join('').length).toBeLessThanOrEqual(budget);
          }
        },
      ),
    );
  });

  it('refuses an item that fits nowhere', () => {
    expect(() => chunkBySize({ items: ['four'], sizeOf: (text) => text.length, budget: 3 })).toThrow(
      /takes 4 characters of at most 3: four/,
    );
  });
});
