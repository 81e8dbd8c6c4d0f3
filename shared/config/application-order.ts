import type { Report } from './problem.ts';

/** How far the order of tiers may reach: a plan of more steps in a row ends too late to help. */
const DEEPEST = 10;

interface Ordered {
  readonly name: string;
  readonly after?: readonly string[] | undefined;
}

/** An order of tiers must end somewhere, and within ten steps. */
export function checkOrder(tiers: readonly Ordered[], report: Report): void {
  const reported = new Set<string>();
  for (const [index, { name }] of tiers.entries()) {
    const path = ['spec', 'tiers', index, 'after'];
    const cycle = cycleFrom(tiers, name);
    const key = [...(cycle ?? [])].sort().join(' ');
    if (cycle === null || reported.has(key)) continue;
    reported.add(key);
    const way = [...cycle, name].join(' → ');
    report(path, `the order goes in a circle: ${way} (take one of them out of after)`);
  }
  if (reported.size > 0) return;
  const depths = new Map<string, number>();
  for (const [index, { name }] of tiers.entries()) {
    const depth = depthOf(tiers, name, depths);
    if (depth <= DEEPEST) continue;
    report(
      ['spec', 'tiers', index, 'after'],
      `${depth} tiers must be ready one after another before this one (at most ${DEEPEST})`,
    );
  }
}

/** The shortest way from a tier back to itself, or null. */
function cycleFrom(tiers: readonly Ordered[], start: string): readonly string[] | null {
  const seen = new Set<string>();
  let ways: readonly (readonly string[])[] = [[start]];
  while (ways.length > 0) {
    const longer = ways.flatMap((way) => afterOf(tiers, way.at(-1)).map((name) => ({ way, name })));
    const closed = longer.find(({ name }) => name === start);
    if (closed !== undefined) return closed.way;
    ways = longer.filter(({ name }) => !seen.has(name)).map(({ way, name }) => [...way, name]);
    for (const way of ways) seen.add(way.at(-1) ?? start);
  }
  return null;
}

const afterOf = (tiers: readonly Ordered[], name: string | undefined): readonly string[] =>
  tiers.find((tier) => tier.name === name)?.after ?? [];

/** How many tiers must be ready one after another before a tier; the order has no circle. */
function depthOf(tiers: readonly Ordered[], name: string, known: Map<string, number>): number {
  const before = known.get(name);
  if (before !== undefined) return before;
  const depth = Math.max(0, ...afterOf(tiers, name).map((each) => depthOf(tiers, each, known) + 1));
  known.set(name, depth);
  return depth;
}
