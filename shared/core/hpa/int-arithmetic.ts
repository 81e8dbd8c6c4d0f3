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

/**
 * A value in milli-units, in which `autoscaling/v2` computes, rounded up as a Kubernetes quantity is: what is not zero stays
 * so. To 15 digits, because 1.1 × 1000 is 1100.0000000000002 in doubles.
 */
export const milli = (value: number): bigint => BigInt(Math.ceil(Number((value * 1000).toPrecision(15))));

/** Milli-units as the value they stand for. */
export const fromMilli = (value: bigint): number => Number(value) / 1000;
