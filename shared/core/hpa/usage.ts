import { sumOf } from './int-arithmetic.ts';

/** What stands in the way of an answer. `missingRequest`: a unit that does not say what it has. */
export type CalculationError = 'noSamples' | 'noMatchingPods' | 'missingRequest' | 'containerNotFound';

/** A metric against its target. */
export interface Usage {
  readonly ratio: number;
  /** Mean of the samples in milli-units, truncated. */
  readonly usage: bigint;
  /** Whole percents of what the units have, truncated; null for a target that is no utilization. */
  readonly utilization: number | null;
}

/** Whether any sample is of something that declares what it has: without one there is nothing to divide by. */
export const anyMatches = (
  samples: ReadonlyMap<string, bigint>,
  requests: ReadonlyMap<string, bigint>,
): boolean => [...samples.keys()].some((id) => (requests.get(id) ?? 0n) > 0n);

/**
 * Sum over sum, in whole percents before anything else: 66.9 % on 60 is 66 / 60. Samples without a request take no part.
 * Some sample must match: see {@link anyMatches}.
 */
export function utilizationRatio(
  samples: ReadonlyMap<string, bigint>,
  requests: ReadonlyMap<string, bigint>,
  target: number,
): Usage {
  const known = [...samples].flatMap(([id, value]) => {
    const request = requests.get(id);
    return request === undefined ? [] : [{ value, request }];
  });
  const total = sumOf(known.map(({ value }) => value));
  const percent = Number((total * 100n) / sumOf(known.map(({ request }) => request)));
  return {
    ratio: percent / target,
    utilization: percent,
    usage: total / BigInt(known.length),
  };
}

/** The mean in whole milli-units against the target: (3 + 3 + 4) / 3 is 3. Samples of unknown units count. */
export function averageRatio(samples: ReadonlyMap<string, bigint>, target: bigint): Usage {
  const usage = sumOf(samples.values()) / BigInt(samples.size);
  return { ratio: Number(usage) / Number(target), usage, utilization: null };
}

/** What each of `units` carries of a total, rounded up; 0 of no unit. The one place where usage is not cut. */
export const perUnitUsage = (total: bigint, units: number): bigint =>
  units === 0 ? 0n : (total + BigInt(units) - 1n) / BigInt(units);
