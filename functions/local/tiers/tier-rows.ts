import type { MetricSpec } from '../../../shared/core/metric.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { isVertical, type Target } from '../../../shared/core/target.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import type { DatabasesView } from '../../../shared/simulation/databases/database-views.ts';
import { metricAims } from '../../../shared/simulation/metric-aims.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import type { Sizes } from '../scenario/measure-names.ts';
import { membersOf } from '../scenario/subjects.ts';
import { cacheDetail, databaseDetail } from './tier-details.ts';
import { tierSizes } from './tier-sizes.ts';

/** A tier behind the services, or a ladder, as a person wants to see it. */
export interface TierRow {
  readonly policy: string;
  readonly sizes: Sizes;
  /** The first metric of the policy as CloudWatch shows it; null = no datapoint yet. */
  readonly metric: { readonly spec: MetricSpec; readonly value: number | null; readonly aim: number } | null;
  /** What a size does not tell, in a line; empty = nothing. */
  readonly detail: string;
}

/** The newest datapoint is not older than this. */
const LOOK_BACK_SECONDS = 300;

/** Every target but the services, in the order of the policies. */
export function tierRows(plant: Plant, policies: readonly Policy[]): readonly TierRow[] {
  const others = policies.filter(({ target }) => target.kind !== 'ecs-service');
  if (others.length === 0) return [];
  const databases = plant.databases.views();
  return others.flatMap((policy) => {
    const sizes = tierSizes(policy.target, plant, databases);
    if (sizes === null) return [];
    const metric = metricOf(policy, plant, databases);
    return [{ policy: policy.name, sizes, metric, detail: detailOf(policy.target, plant, databases) }];
  });
}

function metricOf(policy: Policy, plant: Plant, databases: DatabasesView): TierRow['metric'] {
  const [first] = metricAims(policy);
  if (first === undefined) return null;
  const { metric: spec, aim } = first;
  const now = plant.now();
  const { query, periodSeconds, unitDimension } = spec;
  const newest = (each: MetricSpec['query']): readonly number[] =>
    plant
      .getMetricDatapoints(each, plusSeconds(now, -LOOK_BACK_SECONDS), now, periodSeconds)
      .slice(-1)
      .map(({ value }) => value);
  const values =
    unitDimension === undefined || query.kind !== 'stat'
      ? newest(query)
      : unitsOf(policy.target, plant, databases).flatMap((unit) =>
          newest({ ...query, dimensions: { ...query.dimensions, [unitDimension]: unit } }),
        );
  const sum = values.reduce((total, value) => total + value, 0);
  return { spec, value: values.length === 0 ? null : sum / values.length, aim };
}

/** What reports by itself: replicas that serve, nodes of a cache. */
function unitsOf(target: Target, plant: Plant, databases: DatabasesView): readonly string[] {
  if (!('replicationGroup' in target))
    return membersOf(target, databases.instances).flatMap(({ id, unready }) =>
      unready === null ? [id] : [],
    );
  const answer = plant.caches.describe(target.replicationGroup);
  if (answer.kind !== 'accepted') return [];
  return answer.value.shards.flatMap(({ nodes }) =>
    nodes.flatMap(({ id, status }) => (status === 'available' ? [id] : [])),
  );
}

function detailOf(target: Target, plant: Plant, databases: DatabasesView): string {
  if (target.kind === 'ecs-task-size') return rungOf(target, plant);
  if ('replicationGroup' in target) return cacheDetail(target.replicationGroup, plant.caches);
  if (target.kind === 'rds-instance-class') {
    const own = databases.instances.filter(({ id }) => id === target.instance);
    return databaseDetail(own, isVertical(target));
  }
  const home =
    target.kind === 'rds-replicas' ? target.source : target.kind === 'aurora-readers' ? target.cluster : '';
  return databaseDetail(
    databases.instances.filter(({ id, of }) => id === home || of === home),
    false,
  );
}

function rungOf(
  { cluster, service }: { readonly cluster: string; readonly service: string },
  plant: Plant,
): string {
  const [view = null] = plant.describeServices(cluster, [service]);
  const settings = view?.deployments[0]?.revision.settings;
  return settings === undefined ? '' : `${settings.cpu} CPU units and ${settings.memory} MiB a task`;
}
