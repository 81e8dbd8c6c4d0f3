import type { Application, ConnectionBudget } from '../core/application.ts';
import type { Policy } from '../core/policy.ts';
import { isVertical } from '../core/target.ts';
import type { DocumentPath, Report } from './problem.ts';

const PATH = ['spec', 'connectionBudget'] as const;

/** A budget must count something, hold at the least sizes, and be able to carry the largest ones. */
export function checkBudget(application: Application, policies: readonly Policy[], report: Report): void {
  const { budget, tiers } = application;
  if (budget === null) return;
  const policyOf = (name: string): Policy | undefined => {
    const tier = tiers.find((each) => each.name === name);
    return policies.find((policy) => policy.name === tier?.policy);
  };
  if (!checkCountable(budget, policyOf, report)) return;
  const bounds = (name: string) => policyOf(name)?.bounds ?? { min: 0, max: 0 };
  const least = sides(budget, (name) => bounds(name).min);
  if (least.used > least.allowed + 1e-9) {
    report(
      PATH,
      `at all minima ${least.left}, more than ${least.right} (raise the min of a database, or lower the min, poolSize or deploymentFactor of a client)`,
      'key',
    );
    return;
  }
  checkReach(budget, bounds, report);
}

function checkCountable(
  { databases, clients }: ConnectionBudget,
  policyOf: (name: string) => Policy | undefined,
  report: Report,
): boolean {
  const problems = [
    ...Object.entries({ databases, clients }).flatMap(([key, entries]) => ladders(key, entries, policyOf)),
    ...databases.flatMap(emptiness),
  ];
  for (const { path, message } of problems) report(path, message);
  return problems.length === 0;
}

interface BudgetProblem {
  readonly path: DocumentPath;
  readonly message: string;
}

function ladders(
  key: string,
  entries: readonly { readonly tier: string | null }[],
  policyOf: (name: string) => Policy | undefined,
): readonly BudgetProblem[] {
  return entries.flatMap(({ tier }, index) => {
    const target = tier === null ? undefined : policyOf(tier)?.target;
    if (target === undefined || !isVertical(target)) return [];
    const message = `"${tier}" is a ${target.kind}: its size is a place on a ladder, and no number of units (name a tier that has units)`;
    return [{ path: [...PATH, key, index, 'tier'], message }];
  });
}

const emptiness = (
  { tier, fixedNodes }: ConnectionBudget['databases'][number],
  index: number,
): readonly BudgetProblem[] =>
  tier !== null || fixedNodes > 0
    ? []
    : [{ path: [...PATH, 'databases', index], message: 'has no node to count (give tier or fixedNodes)' }];

/** A maximum that no database could ever carry is a size that nobody will see: whoever wrote it must know. */
function checkReach(
  budget: ConnectionBudget,
  bounds: (name: string) => Policy['bounds'],
  report: Report,
): void {
  for (const [index, { tier, poolSize, deploymentFactor }] of budget.clients.entries()) {
    const { max } = bounds(tier);
    const databaseTiers = budget.databases.map((database) => database.tier);
    const most = sides(budget, (name) => {
      if (name === tier || databaseTiers.includes(name)) return bounds(name).max;
      return bounds(name).min;
    });
    if (most.used <= most.allowed + 1e-9) continue;
    const own = max * poolSize * deploymentFactor;
    const reach = Math.floor((most.allowed - (most.used - own)) / (poolSize * deploymentFactor) + 1e-9);
    report(
      [...PATH, 'clients', index],
      `the max of ${max} can never be reached: with every database at its max ${most.left}, more than ${most.right}; ${reach} fit (lower that max to ${reach}, raise the max of a database, or lower poolSize)`,
    );
  }
}

interface Sides {
  readonly used: number;
  readonly allowed: number;
  readonly left: string;
  readonly right: string;
}

/** Both sides of the inequality at given sizes, with their arithmetic. */
function sides({ share, databases, clients }: ConnectionBudget, sizeOf: (tier: string) => number): Sides {
  const needs = clients.map(({ tier, poolSize, deploymentFactor }) => ({
    connections: sizeOf(tier) * poolSize * deploymentFactor,
    text: `${tier} ${sizeOf(tier)} × ${poolSize} × ${deploymentFactor}`,
  }));
  const takes = databases.map(({ tier, fixedNodes, maxConnections }) => {
    const nodes = fixedNodes + (tier === null ? 0 : sizeOf(tier));
    return { connections: nodes * maxConnections, text: `${nodes} × ${maxConnections}` };
  });
  const used = needs.reduce((sum, { connections }) => sum + connections, 0);
  const allowed = takes.reduce((sum, { connections }) => sum + connections, 0) * share;
  const all = takes.map(({ text }) => text).join(' + ');
  return {
    used,
    allowed,
    left: `${needs.map(({ text }) => text).join(' + ')} = ${round(used)} connections are needed`,
    right: `${takes.length === 1 ? all : `(${all})`} × ${share} = ${round(allowed)}`,
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
