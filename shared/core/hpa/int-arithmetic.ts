/** The largest size that an answer can have: 2^31 − 1. */
export const LARGEST_SIZE = 2 ** 31 - 1;

const LARGEST_SUM = 2n ** 63n - 1n;

/** The sum of milli-units, saturated at 2^63 − 1 as in `autoscaling/v2`. */
export function sumOf(values: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const value of values) sum += value;
  return sum > LARGEST_SUM ? LARGEST_SUM : sum;
}

/** A computed size as a whole number: rounded up, saturated at {@link LARGEST_SIZE}. */
export const sizeOf = (exact: number): number => Math.min(Math.ceil(exact), LARGEST_SIZE);

/** A value in milli-units, in which `autoscaling/v2` computes. Rounded: 83.2 × 1000 need not be whole in doubles. */
export const milli = (value: number): bigint => BigInt(Math.round(value * 1000));

/** Milli-units as the value they stand for. */
export const fromMilli = (value: bigint): number => Number(value) / 1000;
