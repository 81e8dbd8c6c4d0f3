import type { Application, ConnectionBudget } from '../core/application.ts';
import type { Policy } from '../core/policy.ts';
import { targetId } from '../core/target.ts';
import { checkBudget } from './application-budget.ts';
import { checkOrder } from './application-order.ts';
import { nearest } from './nearest.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import { ApplicationDocument } from './schema/application.ts';
import { secondsOf } from './schema/duration.ts';
import type { SourceDocument } from './yaml-file.ts';
import { reportIssues } from './zod-problems.ts';

/** The applications of a set. */
export interface SetApplications {
  readonly applications: readonly Application[];
  /** What `validate` says of a document; null = it has problems. */
  summaryOf(source: SourceDocument): string | null;
}

/** What else a set holds: its policies without a problem, and the names of all policies and of all warm plans. */
export interface KnownPolicies {
  readonly policies: readonly Policy[];
  readonly names: readonly string[];
  readonly warmPlans: readonly string[];
}

/** Reads the `Application` documents of a set, and reports what is wrong with them and between them. */
export function readApplications(
  sources: readonly SourceDocument[],
  known: KnownPolicies,
  reporterOf: (source: SourceDocument) => Report,
): SetApplications {
  const claims: Claims = { names: new Map(), policies: new Map() };
  const compiled = new Map<SourceDocument, Application>();
  for (const source of sources) {
    const application = compileApplication(source, known, claims, reporterOf(source));
    if (application !== null) compiled.set(source, application);
  }
  return {
    applications: [...compiled.values()],
    summaryOf: (source) => summary(compiled.get(source)),
  };
}

/** Where names were taken first. */
interface Claims {
  readonly names: Map<string, string>;
  readonly policies: Map<string, string>;
}

function compileApplication(
  source: SourceDocument,
  known: KnownPolicies,
  claims: Claims,
  reportTo: Report,
): Application | null {
  let failed = false;
  const report: Report = (...problem) => {
    failed = true;
    reportTo(...problem);
  };
  const parsed = ApplicationDocument.safeParse(source.value);
  if (!parsed.success) {
    reportIssues(parsed.error.issues, source.value, report);
    return null;
  }
  checkTiers(parsed.data.spec, known, report);
  checkClaims(source, parsed.data, claims, report);
  const application = failed ? null : applicationOf(parsed.data, known.policies);
  if (application !== null) checkBudget(application, known.policies, report);
  return failed ? null : application;
}

/** A name belongs to one application, and a policy to one tier. */
function checkClaims(
  source: SourceDocument,
  { metadata: { name }, spec: { tiers } }: ApplicationDocument,
  claims: Claims,
  report: Report,
): void {
  const placeOf = (path: DocumentPath): string => {
    const { file, line } = source.problem(path, '');
    return `${file}:${line}`;
  };
  const path = ['metadata', 'name'];
  claim(claims.names, name, placeOf(path), (place) =>
    report(path, `the name ${quote(name)} is taken by ${place} (choose another one)`),
  );
  for (const [index, { policy }] of tiers.entries()) {
    const at = ['spec', 'tiers', index, 'policy'];
    claim(claims.policies, policy, placeOf(at), (place) =>
      report(at, `policy ${quote(policy)} is a tier in ${place} already (a policy belongs to one tier)`),
    );
  }
}

function claim(
  claimed: Map<string, string>,
  name: string,
  here: string,
  clash: (place: string) => void,
): void {
  const place = claimed.get(name);
  if (place === undefined) claimed.set(name, here);
  else clash(place);
}

type Spec = ApplicationDocument['spec'];

function checkTiers(spec: Spec, { names, warmPlans }: KnownPolicies, report: Report): void {
  const { tiers } = spec;
  const tierNames = tiers.map(({ name }) => name);
  for (const [index, { name, policy, warm, after = [] }] of tiers.entries()) {
    const path = ['spec', 'tiers', index];
    if (tierNames.indexOf(name) < index)
      report([...path, 'name'], `there is another tier ${quote(name)} (choose another name)`);
    if (!names.includes(policy)) report([...path, 'policy'], unknown('policy', policy, names));
    if (warm !== undefined && !warmPlans.includes(warm.plan))
      report([...path, 'warm', 'plan'], unknown('warm plan', warm.plan, warmPlans));
    for (const [place, each] of after.entries())
      checkTier(each, tierNames, [...path, 'after', place], report);
  }
  checkOrder(tiers, report);
  checkBudgetTiers(spec.connectionBudget, tierNames, report);
}

/** A tier is counted once, on one side of the budget. */
function checkBudgetTiers(
  budget: Spec['connectionBudget'],
  tierNames: readonly string[],
  report: Report,
): void {
  const counted = new Map<string, string>();
  for (const key of ['databases', 'clients'] as const) {
    for (const [index, { tier }] of (budget?.[key] ?? []).entries()) {
      if (tier === undefined) continue;
      const path = ['spec', 'connectionBudget', key, index, 'tier'];
      checkTier(tier, tierNames, path, report);
      const other = counted.get(tier);
      if (other !== undefined)
        report(
          path,
          `${quote(tier)} stands in ${other} already (a tier is counted once; remove one of them)`,
        );
      counted.set(tier, key);
    }
  }
}

function checkTier(name: string, known: readonly string[], path: DocumentPath, report: Report): void {
  if (!known.includes(name)) report(path, unknown('tier', name, known));
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const fix =
    near === null ? `one of: ${known.join(', ') || 'none is declared'}` : `did you mean ${quote(near)}?`;
  return `there is no ${what} ${quote(name)} (${fix})`;
}

/** A document without a problem as an application; null where a policy of it has problems of its own. */
function applicationOf(
  { metadata, spec: { tiers, connectionBudget } }: ApplicationDocument,
  policies: readonly Policy[],
): Application | null {
  const compiled = tiers.flatMap(({ name, policy, after = [], warm }) => {
    const found = policies.find((each) => each.name === policy);
    const wait = warm === undefined ? null : { plan: warm.plan, withinSeconds: secondsOf(warm.within) };
    return found === undefined ? [] : [{ name, policy, after, warm: wait, target: targetId(found.target) }];
  });
  if (compiled.length < tiers.length) return null;
  return {
    name: metadata.name,
    tiers: compiled,
    budget: connectionBudget === undefined ? null : budgetOf(connectionBudget),
  };
}

const budgetOf = ({
  share = 0.8,
  databases,
  clients,
}: NonNullable<Spec['connectionBudget']>): ConnectionBudget => ({
  share,
  databases: databases.map(({ tier = null, fixedNodes = 0, maxConnections }) => ({
    tier,
    fixedNodes,
    maxConnections,
  })),
  clients: clients.map(({ tier, poolSize, deploymentFactor = 2 }) => ({ tier, poolSize, deploymentFactor })),
});

function summary(application: Application | undefined): string | null {
  if (application === undefined) return null;
  const { tiers, budget } = application;
  const order = tiers.map(({ name, after }) =>
    after.length === 0 ? name : `${name} after ${after.join(' and ')}`,
  );
  const share =
    budget === null ? [] : [`connections within ${budget.share} of what ${countOf(budget.databases.length)}`];
  return [order.join(', '), ...share.map((each) => `${each} takes`)].join('; ');
}

const countOf = (count: number): string => (count === 1 ? 'the database' : `each of ${count} databases`);
