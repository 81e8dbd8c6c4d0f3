/** The first place at which two values differ, with what stands there, shortened. */
export interface Difference {
  /** `decision.trace[0].exact` */
  readonly path: string;
  readonly was: string;
  readonly is: string;
}

const LONGEST = 80;

/** The first difference of two plain JSON values, depth first in the order of the keys; the whole where only their order differs. */
export const firstDifference = (was: unknown, is: unknown): Difference =>
  differenceAt('decision', was, is) ?? {
    path: 'decision',
    was: 'in another order of fields',
    is: 'in this one',
  };

function differenceAt(path: string, was: unknown, is: unknown): Difference | null {
  if (!isCollection(was) || !isCollection(is) || Array.isArray(was) !== Array.isArray(is)) {
    return text(was) === text(is) ? null : { path, was: text(was), is: text(is) };
  }
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const inner = Array.isArray(was) ? `${path}[${key}]` : `${path}.${key}`;
    const difference = differenceAt(inner, was[key], is[key]);
    if (difference !== null) return difference;
  }
  return null;
}

const isCollection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function text(value: unknown): string {
  const whole = JSON.stringify(value) ?? 'absent';
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST - 1)}…` : whole;
}
