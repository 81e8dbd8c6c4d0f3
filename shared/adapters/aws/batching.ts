/** Cuts a list into pieces of at most `size`, in order. */
export function batchesOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** Cuts a list into pieces that keep both a count and a total weight, in order; one heavy item is a piece of its own. */
export function batchesByWeight<T>(
  items: readonly T[],
  limits: { readonly count: number; readonly weight: number },
  weightOf: (item: T) => number,
): readonly (readonly T[])[] {
  const batches: T[][] = [];
  let weight = 0;
  for (const item of items) {
    const last = batches.at(-1);
    const own = weightOf(item);
    if (last === undefined || last.length === limits.count || weight + own > limits.weight) {
      batches.push([item]);
      weight = own;
    } else {
      last.push(item);
      weight += own;
    }
  }
  return batches;
}

/** Runs `work` on every item, at most `limit` at a time; results keep the order. The first failure ends the run. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  // The workers share one iterator: each takes the next item that nobody has taken.
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
