import type { Seen } from './reading.ts';
import { isUsable } from './reading.ts';

/** For how long a condition has held. */
export interface Sustained {
  /** Whether it held for every datapoint of the wanted time. */
  readonly whole: boolean;
  /** Seconds for which every datapoint met it, counted back from the newest, up to the wanted time. */
  readonly seconds: number;
}

/**
 * For how long every datapoint has met a condition, without a gap: what was not measured has met nothing. Datapoints stand
 * exactly one period apart, as CloudWatch stamps them.
 */
export function sustained(
  reading: Seen,
  periodSeconds: number,
  forSeconds: number,
  meets: (value: number) => boolean,
): Sustained {
  const needed = Math.max(1, Math.ceil(forSeconds / periodSeconds));
  const byTime = new Map(reading.earlier.map(({ at, value }) => [at as number, value]));
  const valueBack = (periods: number) =>
    periods === 0 ? reading.value : byTime.get(reading.at - periods * periodSeconds * 1000);
  let met = 0;
  while (met < needed) {
    const value = valueBack(met);
    if (value === undefined || !isUsable(value) || !meets(value)) break;
    met += 1;
  }
  return { whole: met === needed, seconds: Math.min(met * periodSeconds, forSeconds) };
}
