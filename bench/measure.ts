import { availableParallelism, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';

/** The middle of some numbers; the mean of the two in the middle when their count is even. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

const ONE_KILOBYTE = JSON.stringify({
  items: Array.from({ length: 12 }, (_, id) => ({
    id,
    name: `unit-${id}`,
    share: id / 7,
    tags: ['a', 'b', id % 2 === 0],
    none: null,
  })),
});

/** What every figure is divided by, so that figures of different machines can be compared: one kilobyte of JSON, parsed and written. */
export const reference = (): number => JSON.stringify(JSON.parse(ONE_KILOBYTE)).length;

/** A piece of work to be timed. What it returns is kept, so that nothing is optimized away. */
export type Work = () => unknown;

let kept: unknown;

const ROUND_MILLIS = 20;

/** Runs `work` `times` times, and says how long one took in microseconds. */
function microseconds(work: Work, times: number): number {
  const before = performance.now();
  for (let run = 0; run < times; run += 1) kept = work();
  return ((performance.now() - before) * 1000) / times;
}

/**
 * Median microseconds of each piece of work. They take turns, so that a busy moment of the machine falls on all of them.
 * Every turn is long enough (20 ms) for the clock's grain not to matter.
 */
export function timeInTurn<Name extends string>(
  works: Readonly<Record<Name, Work>>,
  rounds: number,
): Readonly<Record<Name, number>> {
  const names = Object.keys(works) as Name[];
  const times = new Map(
    names.map((name) => {
      microseconds(works[name], 2000);
      return [name, Math.max(1, Math.ceil((ROUND_MILLIS * 1000) / microseconds(works[name], 2000)))];
    }),
  );
  const measured = names.map((name) => ({ name, rounds: [] as number[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const each of measured) each.rounds.push(microseconds(works[each.name], times.get(each.name) ?? 1));
  }
  if (kept === undefined) throw new Error('the work came to nothing');
  return Object.fromEntries(measured.map(({ name, rounds: all }) => [name, median(all)])) as Record<
    Name,
    number
  >;
}

/** What a reader must know of the machine to judge a figure. */
export const machine = (): string =>
  `Node ${process.version} on ${process.arch}, ${availableParallelism()} cores (load ${(loadavg()[0] ?? 0).toFixed(1)})`;

/** Prints a table in Markdown. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  console.log([line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n'));
}
