import { plainNumber } from '../core/plain-number.ts';
import type { Axis } from './axes.ts';

/** A metric with its value: `CPU 50 %`. */
export function metricText({ specs }: Axis, value: number | null): string {
  const [spec] = specs;
  if (spec === undefined) return '';
  return value === null ? `${spec.label} unknown` : `${spec.label} ${plainNumber(value)}${spec.unit}`;
}

/** Sizes as people list them: `3`, `3 to 7`, `2, 3 and 5 to 9`. The sizes are some of `all`, in order. */
export function sizesText(sizes: readonly number[], all: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const size of sizes) {
    const last = runs.at(-1);
    if (last !== undefined && all[all.indexOf(last[1]) + 1] === size) last[1] = size;
    else runs.push([size, size]);
  }
  const texts = runs.flatMap(([from, to]) => {
    const isPair = all[all.indexOf(from) + 1] === to;
    return from === to || isPair ? [...new Set([from, to])].map(String) : [`${from} to ${to}`];
  });
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
