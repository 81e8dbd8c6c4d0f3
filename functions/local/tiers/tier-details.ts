import { RESOURCE_TAGS } from '../../../shared/core/target.ts';
import type { SimulatedCaches } from '../../../shared/simulation/caches/simulated-caches.ts';
import type { DatabaseView } from '../../../shared/simulation/databases/database-views.ts';
import { numberOf } from '../words.ts';

const FULL_PERCENT = 100;

/** Instances in a line: those beside the available ones, connections, the CPU of the writer, the longest lag. */
export function databaseDetail(instances: readonly DatabaseView[], withClass: boolean): string {
  const available = instances.filter(({ status }) => status === 'available');
  const lags = available.flatMap(({ lagSeconds, unready }) => (unready === null ? (lagSeconds ?? []) : []));
  const writers = available.filter(({ role }) => role === 'source' || role === 'writer');
  return [
    ...(withClass ? [...new Set(instances.map(({ instanceClass }) => instanceClass))] : []),
    ...stagesOf(instances),
    `${thousands(sum(available.map((each) => each.connections)))} of ${thousands(sum(available.map((each) => each.maxConnections)))} connections`,
    ...writers.map(({ role, utilization }) => `${role} ${percent(Math.min(1, utilization))}`),
    ...(lags.length === 0 ? [] : [`lag ${Math.max(...lags).toFixed(0)} s`]),
  ].join(' · ');
}

/** How many instances are in which stage: `3 available, 1 creating, 1 leaving`. */
function stagesOf(instances: readonly DatabaseView[]): readonly string[] {
  const stages = new Map<string, number>();
  for (const each of instances) stages.set(stageOf(each), (stages.get(stageOf(each)) ?? 0) + 1);
  return [[...stages].map(([stage, count]) => `${count} ${stage}`).join(', ')].filter((text) => text !== '');
}

function stageOf({ status, unready, tags }: DatabaseView): string {
  if (status !== 'available') return status;
  if (tags[RESOURCE_TAGS.leaving] !== undefined) return 'leaving';
  return unready === null || unready === 'unavailable' ? 'available' : unready;
}

/** A replication group in a line: its nodes, what it is at work on, and how many reads it answers. */
export function cacheDetail(group: string, caches: SimulatedCaches): string {
  const answer = caches.describe(group);
  if (answer.kind !== 'accepted') return 'gone';
  const { shards, status, nodeType, pendingNodeType, slotMigrationPercent } = answer.value;
  const nodes = shards.flatMap((shard) => shard.nodes);
  const other = nodes.filter((node) => node.status !== 'available');
  const words = [...new Set(other.map((node) => node.status))];
  const stages = words.map((word) => `${other.filter((node) => node.status === word).length} ${word}`);
  return [
    pendingNodeType === null ? nodeType : `${nodeType} → ${pendingNodeType}`,
    `${numberOf(shards.length, 'shard')}, ${numberOf(nodes.length, 'node')}${stages.length === 0 ? '' : ` (${stages.join(', ')})`}`,
    ...(status === 'available' ? [] : [status]),
    ...(slotMigrationPercent === null ? [] : [`${slotMigrationPercent.toFixed(0)} % of the slots moved`]),
    `hit rate of all caches ${percent(caches.hitRate())}`,
  ].join(' · ');
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const thousands = (value: number): string => Math.round(value).toLocaleString('en');
const percent = (share: number): string => `${Math.round(share * FULL_PERCENT)} %`;
