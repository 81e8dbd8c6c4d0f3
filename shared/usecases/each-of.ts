/** Runs `work` for every item, at most `width` at a time. A failure stops nothing: it is handed to `failed`. */
export async function eachOf<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
  failed: (item: T, error: unknown) => void,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item).catch((error: unknown) => failed(item, error));
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
