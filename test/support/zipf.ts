/** Draws from 1 to `size` so that the n-th is asked for 1/n as often as the first (Zipf, s = 1), by a seeded generator. */
export function zipf(size: number, seed: number): () => number {
  const sums: number[] = [];
  let sum = 0;
  for (let n = 1; n <= size; n += 1) {
    sum += 1 / n;
    sums.push(sum);
  }
  let state = seed >>> 0;
  const random = (): number => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, size - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
