import { RESOURCE_TAGS, type Target } from '../../../shared/core/target.ts';
import type { DatabasesView } from '../../../shared/simulation/databases/database-views.ts';
import type { TrafficCounts } from '../../../shared/simulation/databases/traffic-counters.ts';
import type { DATABASE_MEASURES, Sizes } from './measure-names.ts';
import type { Variant } from './scenario.ts';
import { membersOf } from './subjects.ts';

type Value = readonly [(typeof DATABASE_MEASURES)[number], number];
type Deletion = DatabasesView['deletions'][number];

/**
 * The measures of all databases at this second; counts are those since `before`.
 * `wanted`: connections that the running tasks want to hold.
 */
export function databaseValues(
  { instances, total, deletions }: DatabasesView,
  before: TrafficCounts,
  variant: Variant,
  wanted: number,
): readonly Value[] {
  const since = (count: Exclude<keyof TrafficCounts, 'notReady'>): number => total[count] - before[count];
  const serving = instances.filter(({ inTraffic }) => inTraffic);
  const lags = serving.flatMap(({ lagSeconds }) => lagSeconds ?? []);
  return [
    ['connections.wanted', wanted],
    ['connections.open', sum(instances.map(({ connections }) => connections))],
    ['connections.capacity', sum(serving.map(({ maxConnections }) => maxConnections))],
    ['connections.refused', since('refusedConnections')],
    ['database.reads', since('reads')],
    ['database.writes', since('writes')],
    ['database.queries', since('reads') + since('writes')],
    ['database.failedReads', since('failedReads')],
    ['database.failedWrites', since('failedWrites')],
    ['database.overloaded', since('overloaded')],
    ['database.notReady', unready(total) - unready(before)],
    ['database.neverReady', since('neverReady')],
    ['database.cpu', 100 * Math.min(1, Math.max(0, ...instances.map(({ utilization }) => utilization)))],
    // Nobody lags where nobody follows.
    ...(lags.length === 0 ? [] : [['database.lag', Math.max(...lags)] as const]),
    ['database.instances', instances.length],
    ['database.deletions', deletions.length],
    ['database.deletionsOfOthers', deletions.filter(isOfOthers).length],
    ['database.earlyDeletions', deletions.filter((deletion) => isEarly(deletion, variant)).length],
  ];
}

const unready = ({ notReady }: TrafficCounts): number =>
  notReady.unavailable + notReady.lagging + notReady.warming;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** A deletion of what the controller did not create. */
const isOfOthers = ({ tags }: Deletion): boolean => tags[RESOURCE_TAGS.managed] !== 'true';

/** A deletion that cut more connections than the policy lets, before the drain time had passed. */
function isEarly({ tags, connections, at }: Deletion, { policies }: Variant): boolean {
  const target = policies.find(({ name }) => name === tags[RESOURCE_TAGS.policy])?.target;
  if (target === undefined || !('leaving' in target)) return false;
  const since = Date.parse(tags[RESOURCE_TAGS.leaving] ?? '');
  const isDrained = (at - since) / 1000 >= target.leaving.drainSeconds;
  return connections > target.leaving.connections && !isDrained;
}

/** The size of a target whose units are instances, or of one instance on its ladder; null for any other. */
export function instanceSizes(target: Target, { instances }: DatabasesView): Sizes | null {
  if (target.kind === 'rds-instance-class') {
    const instance = instances.find(({ id }) => id === target.instance);
    if (instance === undefined) return null;
    const rung = target.ladder.indexOf(instance.instanceClass) + 1;
    const isThere = instance.status === 'available';
    return { desired: rung, running: rung, ready: isThere ? rung : 0, pending: isThere ? 0 : 1 };
  }
  if (target.kind !== 'rds-replicas' && target.kind !== 'aurora-readers') return null;
  const units = membersOf(target, instances).filter(
    ({ tags, status }) => status !== 'deleting' && tags[RESOURCE_TAGS.leaving] === undefined,
  );
  const running = units.filter(({ status }) => status === 'available').length;
  const ready = units.filter(({ unready }) => unready === null).length;
  return { desired: units.length, running, ready, pending: units.length - running };
}
