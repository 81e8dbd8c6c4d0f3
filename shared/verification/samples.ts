import { type Axis, idleLoads } from './axes.ts';

/** The most sizes that are looked at one by one. */
const MOST_SIZES = 60;

/** How many sizes next to the minimum are always among them: small sizes are where rounding tells. */
const SMALL_SIZES = 40;

/** The most combinations of loads that are tried. */
const MOST_LOADS = 1500;

/** The most combinations of loads in which every load has a value of its own. */
const MOST_MIXED = 300;

/** Sizes in bounds: all of up to 60, otherwise the smallest 40, the largest, and some between, further and further apart. */
export function sampleSizes({ min, max }: { readonly min: number; readonly max: number }): readonly number[] {
  const count = max - min + 1;
  if (count <= MOST_SIZES) return Array.from({ length: count }, (_, index) => min + index);
  const small = Array.from({ length: SMALL_SIZES }, (_, index) => min + index);
  const from = min + SMALL_SIZES;
  const between = MOST_SIZES - SMALL_SIZES - 2;
  const spread = Array.from({ length: between }, (_, index) =>
    Math.round(from + (max - 1 - from) * ((index + 1) / between) ** 2),
  );
  return [...new Set([...small, from, ...spread, max - 1, max])].sort((a, b) => a - b);
}

/**
 * Loads between which nothing changes: every load at which a rule begins or ends at one of the sizes, and one between each
 * two of them.
 */
export function pointsOf({ marks, most, scope }: Axis, sizes: readonly number[]): readonly number[] {
  const end = most === null ? [] : [{ value: most, perUnit: scope === 'average' }];
  const edges = [...marks, ...end].flatMap(({ value, perUnit }) =>
    perUnit ? sizes.map((size) => value * size) : [value],
  );
  const sorted = [...new Set([0, ...edges])].filter((load) => load >= 0).sort((a, b) => a - b);
  const last = sorted.at(-1) ?? 0;
  const beyond = scope !== 'average' && most !== null ? [] : [last * 1.25 + 1];
  const points = sorted.flatMap((load, index) => [load, (load + (sorted[index + 1] ?? load)) / 2]);
  return [...new Set([...points, ...beyond])];
}

/** Every n-th of a list, so that at most so many are left; the first and the last always. */
export function thinned<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from(
    { length: most },
    (_, index) => all[Math.floor((index * (all.length - 1)) / (most - 1))] as T,
  );
}

/** The same in another order, every eighth first: whoever stops early has seen something of everywhere. */
export const spread = <T>(all: readonly T[]): readonly T[] =>
  [0, 4, 2, 6, 1, 5, 3, 7].flatMap((offset) => all.filter((_, index) => index % 8 === offset));

/** A load of each axis at which nothing happens at a middle size: between its lowest and its highest mark. */
export function restingLoads(axes: readonly Axis[], sizes: readonly number[]): readonly number[] {
  const middle = sizes[Math.floor(sizes.length / 2)] ?? 1;
  return axes.map(({ marks }) => {
    const loads = marks.map(({ value, perUnit }) => (perUnit ? value * middle : value));
    return loads.length === 0 ? 0 : (Math.min(...loads) + Math.max(...loads)) / 2;
  });
}

/**
 * Combinations of loads: each load over all of its points while the others are nothing or at rest, and a fixed sample in
 * which all differ. The same policy gives the same combinations.
 */
export function loadsOf(
  axes: readonly Axis[],
  sizes: readonly number[],
  most = MOST_LOADS,
): readonly (readonly number[])[] {
  if (axes.length === 0) return [[]];
  const points = axes.map((axis) => pointsOf(axis, sizes));
  const grounds: readonly (readonly number[])[] =
    axes.length === 1 ? [[0]] : [idleLoads(axes), restingLoads(axes, sizes)];
  const share = Math.max(20, Math.floor(most / (axes.length * grounds.length)));
  const alone = points.flatMap((of, axis) =>
    grounds.flatMap((ground) => thinned(of, share).map((load) => ground.with(axis, load))),
  );
  return axes.length === 1 ? alone : [...alone, ...mixed(points)];
}

/** A sample in which each load goes through its points at a pace of its own. */
const mixed = (points: readonly (readonly number[])[]): readonly (readonly number[])[] =>
  Array.from({ length: MOST_MIXED }, (_, index) =>
    points.map((of, axis) => of[(index * (PACES[axis % PACES.length] ?? 1)) % of.length] ?? 0),
  );

const PACES = [7, 11, 13, 17, 19, 23, 29, 31, 37, 41];
