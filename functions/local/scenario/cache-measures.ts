import type { Target } from '../../../shared/core/target.ts';
import type { GroupView } from '../../../shared/simulation/caches/cache-views.ts';
import type { SimulatedCaches } from '../../../shared/simulation/caches/simulated-caches.ts';
import type { CACHE_MEASURES, Sizes } from './measure-names.ts';

type Value = readonly [(typeof CACHE_MEASURES)[number], number];

/** The measures of all caches at this second, in percent. */
export function cacheValues(caches: SimulatedCaches): readonly Value[] {
  const moving = caches.ids().flatMap((id) => viewOf(caches, id)?.slotMigrationPercent ?? []);
  return [
    ['cache.hitRate', 100 * caches.hitRate()],
    ['cache.warm', 100 * caches.warmShare()],
    ['cache.migration', Math.min(100, ...moving)],
  ];
}

/** The size of a target that is a replication group; null for any other, and for one that is gone. */
export function cacheSizes(target: Target, caches: SimulatedCaches): Sizes | null {
  if (!('replicationGroup' in target)) return null;
  const view = viewOf(caches, target.replicationGroup);
  if (view === null) return null;
  switch (target.kind) {
    case 'elasticache-shards':
      return shardSizes(view);
    case 'elasticache-replicas':
      return replicaSizes(view);
    case 'elasticache-node-type': {
      const rung = target.ladder.indexOf(view.nodeType) + 1;
      const desired = view.pendingNodeType === null ? rung : target.ladder.indexOf(view.pendingNodeType) + 1;
      return { desired, running: rung, ready: rung, pending: desired === rung ? 0 : 1 };
    }
  }
}

function shardSizes({ shards, status }: GroupView): Sizes {
  const staying = shards.filter((shard) => shard.status !== 'deleting');
  const running = staying.filter((shard) => shard.status !== 'creating').length;
  const ready = staying.filter(({ slots }) => slots !== '').length;
  return {
    desired: staying.length,
    running,
    ready,
    pending: status === 'available' ? 0 : staying.length - ready,
  };
}

/** Of the shard that has the fewest. */
function replicaSizes({ shards }: GroupView): Sizes {
  const counts = shards.map(({ nodes }) => {
    const replicas = nodes.filter(({ role, status }) => role === 'replica' && status !== 'deleting');
    const running = replicas.filter(({ status }) => status === 'available').length;
    return { desired: replicas.length, running };
  });
  const desired = Math.min(...counts.map((each) => each.desired));
  const running = Math.min(...counts.map((each) => each.running));
  return { desired, running, ready: running, pending: desired - running };
}

function viewOf(caches: SimulatedCaches, id: string): GroupView | null {
  const answer = caches.describe(id);
  return answer.kind === 'accepted' ? answer.value : null;
}
