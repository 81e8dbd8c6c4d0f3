/** A list that must be spread over several documents because each has a limit of size. */
export interface Chunking<T> {
  readonly items: readonly T[];
  /** Characters of one item in the document, with its separator. */
  readonly sizeOf: (item: T) => number;
  /** Characters left for items in one document. */
  readonly budget: number;
}

/**
 * The items in their order, in as few lists as the budget allows; no items make no list.
 * @throws Error when one item alone is beyond the budget.
 */
export function chunkBySize<T>({ items, sizeOf, budget }: Chunking<T>): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  let left = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (size > budget) throw new Error(`One entry takes ${size} characters of at most ${budget}: ${item}`);
    if (size > left || chunks.length === 0) {
      chunks.push([]);
      left = budget;
    }
    chunks.at(-1)?.push(item);
    left -= size;
  }
  return chunks;
}
