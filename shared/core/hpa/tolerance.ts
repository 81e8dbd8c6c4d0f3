/** Share of the target that is left alone above (`out`) and below (`in`) it, as fractions. */
export interface Tolerance {
  readonly out: number;
  readonly in: number;
}

/** Whether a ratio of value to target is left alone: on the ratio, as doubles, edges included, as from Kubernetes 1.33 on. */
export const isWithin = (tolerance: Tolerance, ratio: number): boolean =>
  ratio >= 1 - tolerance.in && ratio <= 1 + tolerance.out;
