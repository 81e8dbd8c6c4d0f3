import type { Application } from '../../../shared/core/application.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { instanceClassOf } from '../../../shared/simulation/databases/instance-class.ts';
import type { DatabaseOverride } from '../../../shared/simulation/databases/provision.ts';
import type { LoadModel } from '../../../shared/simulation/demand.ts';
import { metricAims } from '../../../shared/simulation/metric-aims.ts';
import type { Workload } from '../../../shared/simulation/workload.ts';

/** What a load does to the tiers behind the services, and what of them differs from what the account makes by itself. */
export interface UsualLoad {
  readonly loadModel: LoadModel;
  readonly databases: Readonly<Record<string, DatabaseOverride>>;
}

/** As for services: the 99.9th percentile of the load needs this share of a maximum. */
const SHARE_OF_MAXIMUM = 0.8;
/** CPU of a database that does nothing, and its room above that, in percent. */
const IDLE_CPU = 3;
const ASSUMED_CPU = 60;
/** Reads that no cache may answer, where there is one: a user's own rows, searches, what must not be old. */
const PAST_CACHES = 0.2;
/** The share of its full CPU at which writes alone hold a writer at the heaviest load. */
const WRITER_SHARE = 0.3;
/** Where no budget says how large the pool of a task is. */
const USUAL_POOL = 20;

/**
 * A load on databases and caches that makes their policies work as those of services do: at the 99.9th percentile of the load
 * they need 80 % of their maximum. Pools and `max_connections` are those of the budgets of the applications.
 */
export function usualLoad(
  policies: readonly Policy[],
  applications: readonly Application[],
  workload: Workload,
): UsualLoad {
  const heavy = workload.percentile(0.999) || 1;
  const missed = policies.some(({ target }) => 'replicationGroup' in target) ? PAST_CACHES : 1;
  const demands = groupsOf(policies).map((policy) => 1 / (unitsAtMost(policy) * shareAtTarget(policy)));
  const groups = Math.max(1, demands.length);
  const perNode = (demands.reduce((sum, each) => sum + each, 0) / groups) * ((heavy * missed) / groups);
  const queriesPerNode = perNode > 0 ? perNode : 1;
  const pools = applications.flatMap(({ budget }) => (budget?.clients ?? []).map(({ poolSize }) => poolSize));
  return {
    loadModel: {
      readsPerLoad: 1,
      pastCaches: missed === 1 ? 0 : PAST_CACHES,
      writesPerLoad: (WRITER_SHARE * queriesPerNode * groups) / heavy,
      connectionsPerTask: pools.length === 0 ? USUAL_POOL : Math.max(...pools),
      queriesPerNode,
    },
    databases: Object.fromEntries(applications.flatMap((each) => connectionsOf(each, policies))),
  };
}

/** One policy for each database that takes part of the load: that of its nodes, or of the class of one that stands alone. */
function groupsOf(policies: readonly Policy[]): readonly Policy[] {
  const grouped = policies.filter(
    ({ target: { kind } }) => kind === 'rds-replicas' || kind === 'aurora-readers',
  );
  return grouped.length > 0 ? grouped : policies.filter(({ target }) => target.kind === 'rds-instance-class');
}

/** How many nodes of its first class a database has at 80 % of its maximum. */
function unitsAtMost({ target, bounds }: Policy): number {
  if (target.kind !== 'rds-instance-class') return Math.max(1, SHARE_OF_MAXIMUM * bounds.max);
  const vcpus = (rung: number): number => instanceClassOf(target.ladder[rung - 1] ?? '')?.vcpus ?? 1;
  return Math.max(1, (SHARE_OF_MAXIMUM * vcpus(bounds.max)) / vcpus(1));
}

/** The share of its full CPU at which a policy wants a node. */
function shareAtTarget(policy: Policy): number {
  const percent = metricAims(policy).find(({ metric }) => metric.unit.trim() === '%')?.aim ?? ASSUMED_CPU;
  return Math.max(0.1, (percent - IDLE_CPU) / (100 - IDLE_CPU));
}

function connectionsOf(
  { budget, tiers }: Application,
  policies: readonly Policy[],
): readonly (readonly [string, DatabaseOverride])[] {
  return (budget?.databases ?? []).flatMap(({ tier, maxConnections }) => {
    const name = tiers.find((each) => each.name === tier)?.policy;
    const target = policies.find((policy) => policy.name === name)?.target;
    if (target?.kind === 'rds-replicas') return [[target.source, { maxConnections }] as const];
    return target?.kind === 'aurora-readers' ? [[target.cluster, { maxConnections }] as const] : [];
  });
}
