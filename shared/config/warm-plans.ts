import type { Policy } from '../core/policy.ts';
import type { WarmPlan } from '../core/warm-plan.ts';
import { nearest } from './nearest.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import { compileWarmPlan } from './warm-plan.ts';
import type { SourceDocument } from './yaml-file.ts';

/** The warm plans of a set. */
export interface SetWarmPlans {
  /** Those without a problem of their own. */
  readonly plans: readonly WarmPlan[];
  /** What `validate` says of a document; null = it has problems. */
  summaryOf(source: SourceDocument): string | null;
  /** Reports names of policies and plans that there are not. */
  checkAgainst(policies: readonly Policy[], reportOf: (policy: Policy) => Report): void;
}

interface Read {
  readonly source: SourceDocument;
  readonly plan: WarmPlan;
}

/** Reads the warm plans of a set: names are unique, and all are of one network, for one function runs them. */
export function readWarmPlans(
  sources: readonly SourceDocument[],
  reporterOf: (source: SourceDocument) => Report,
): SetWarmPlans {
  const read = sources.flatMap((source): readonly Read[] => {
    const plan = compileWarmPlan(source.value, reporterOf(source));
    return plan === null ? [] : [{ source, plan }];
  });
  const [first] = read;
  for (const [index, each] of read.entries()) {
    const report = reporterOf(each.source);
    const namesake = read.slice(0, index).find(({ plan }) => plan.name === each.plan.name);
    if (namesake !== undefined) {
      const place = placeOf(namesake.source);
      report(
        ['metadata', 'name'],
        `the name ${quote(each.plan.name)} is taken by ${place} (choose another one)`,
      );
    }
    if (first !== undefined && networkOf(first) !== networkOf(each)) {
      const message = `is not the network of ${first.plan.name} in ${placeOf(first.source)} (one function runs all plans: give them one network)`;
      report(['spec', 'network'], message, 'key');
    }
  }
  return {
    plans: read.map(({ plan }) => plan),
    summaryOf: (source) => {
      const found = read.find((each) => each.source === source);
      return found === undefined ? null : summaryOf(found.plan);
    },
    checkAgainst: (policies, reportOf) => {
      for (const { source, plan } of read) checkTiers(plan, policies, reporterOf(source));
      checkWarmUps(read, policies, reportOf);
    },
  };
}

const placeOf = (source: SourceDocument): string => {
  const { file, line } = source.problem(['kind'], '', 'key');
  return `${file}:${line}`;
};

const networkOf = ({ plan: { network } }: Read): string =>
  [...[...network.subnetIds].sort(), ...[...network.securityGroupIds].sort()].join(' ');

function checkTiers(plan: WarmPlan, policies: readonly Policy[], report: Report): void {
  const check = (names: readonly string[], field: string, fits: (kind: string) => boolean, what: string) => {
    for (const [index, name] of names.entries()) {
      const path: DocumentPath = ['spec', 'when', field, index];
      const policy = policies.find((each) => each.name === name);
      if (policy === undefined)
        report(path, `no policy is named ${quote(name)} (${closest(name, policies)})`);
      else if (!fits(policy.target.kind)) {
        report(path, `${quote(name)} scales ${policy.target.kind}, not ${what} (name another policy)`);
      }
    }
  };
  check(plan.onScaleOutOf, 'onScaleOutOf', (kind) => kind.startsWith('elasticache-'), 'a cache');
  check(plan.onDeploymentOf, 'onDeploymentOf', (kind) => kind.startsWith('ecs-'), 'an ECS service');
}

const closest = (name: string, named: readonly { readonly name: string }[]): string => {
  const names = named.map((each) => each.name);
  const near = nearest(name, names);
  if (near !== null) return `did you mean "${near}"?`;
  return names.length === 0 ? 'add it to the set' : `one of: ${names.slice(0, 20).join(', ')}`;
};

/** What new replicas wait for must be there, ask a database, and log in without a resource id that nobody knows yet. */
function checkWarmUps(
  read: readonly Read[],
  policies: readonly Policy[],
  reportOf: (policy: Policy) => Report,
): void {
  for (const policy of policies) {
    const name = policy.target.kind === 'rds-replicas' ? policy.target.warmUp?.plan : undefined;
    if (name === undefined) continue;
    const path = ['spec', 'target', 'warmUp', 'plan'];
    const plan = read.find((each) => each.plan.name === name)?.plan;
    const plans = read.map((each) => each.plan);
    const sql = plan?.items.filter((item) => item.kind === 'sql') ?? [];
    if (plan === undefined) {
      reportOf(policy)(path, `no WarmPlan is named ${quote(name)} (${closest(name, plans)})`);
    } else if (sql.length === 0) {
      reportOf(policy)(path, `${quote(name)} has no sql item to run against a replica (add one)`);
    } else if (sql.some(({ database }) => database.auth.kind === 'iam')) {
      const fix = 'log in with secretArn there';
      reportOf(policy)(
        path,
        `${quote(name)} logs in by IAM, for which the resource id of a replica must be known before (${fix})`,
      );
    }
  }
}

function summaryOf(plan: WarmPlan): string {
  const { cache, items, schedules, onScaleOutOf, onDeploymentOf } = plan;
  const count = (many: number, what: string) => `${many} ${what}${many === 1 ? '' : 's'}`;
  const times = schedules.map((each) =>
    each.kind === 'every' ? `every ${each.minutes} min` : `at ${each.cron} ${each.timeZone}`,
  );
  return [
    cache === null ? 'no cache' : `${cache.host}:${cache.port}`,
    count(items.length, 'item'),
    ...times,
    ...(onScaleOutOf.length > 0 ? [`after a scale-out of ${onScaleOutOf.join(', ')}`] : []),
    ...(onDeploymentOf.length > 0 ? [`after a deployment of ${onDeploymentOf.join(', ')}`] : []),
  ].join(', ');
}
