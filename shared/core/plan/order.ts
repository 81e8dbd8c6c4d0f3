import type { Application } from '../application.ts';

/** The tiers that a tier comes after, the near ones first, those that come before them included. */
export const tiersBefore = ({ tiers }: Application, name: string): readonly string[] =>
  reached(name, (each) => tiers.find((tier) => tier.name === each)?.after ?? []);

/** The tiers that come after a tier, the near ones first, those that come after them included. */
export const tiersAfter = ({ tiers }: Application, name: string): readonly string[] =>
  reached(name, (each) => tiers.filter(({ after }) => after.includes(each)).map((tier) => tier.name));

function reached(start: string, next: (name: string) => readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let edge = next(start); edge.length > 0; ) {
    const fresh = [...new Set(edge)].filter((name) => name !== start && !found.includes(name));
    found.push(...fresh);
    edge = fresh.flatMap(next);
  }
  return found;
}

/** All tiers so that each stands behind every one that it comes after. */
export const inOrder = (application: Application): Application['tiers'] =>
  [...application.tiers].sort(
    (a, b) => tiersBefore(application, a.name).length - tiersBefore(application, b.name).length,
  );
