// Relative: 70 × 1.1 is 77.00000000000001 in doubles, and a person would not order one more for that.
const DUST = 1e-9;

const nearest = (value: number): number | null => {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= DUST * Math.abs(whole) ? whole : null;
};

/** Rounds up, but takes what differs from a whole number by the dust of floating point for that number. */
export const ceilOf = (value: number): number => nearest(value) ?? Math.ceil(value);

/** Rounds down, with the same guard as {@link ceilOf}. */
export const floorOf = (value: number): number => nearest(value) ?? Math.floor(value);
