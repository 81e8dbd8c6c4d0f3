import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  type ElastiCacheClient,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import type { Target, TargetId } from '../../../core/target.ts';
import { targetId } from '../../../core/target.ts';
import type { Observation } from '../../../ports/capacity-target.ts';
import { translateSdkError } from '../sdk-errors.ts';

/** Records a page: the most that ElastiCache gives. */
const RECORDS_A_PAGE = 100;
/** More pages than any account has are a marker that leads nowhere. */
const PAGES = 100;

/** A target in a replication group. */
export type GroupTarget = Extract<Target, { readonly replicationGroup: string }>;

/** A node as DescribeCacheClusters tells of it. */
export interface SeenNode {
  readonly status: string;
  /** The type that it is being changed to. */
  readonly pendingType: string | undefined;
}

/** A replication group with the state of its nodes. */
export interface SeenGroup {
  readonly group: ReplicationGroup;
  /** Each node by the id of its cache cluster; empty while the group is `available`: then all of them are. */
  readonly nodes: ReadonlyMap<string, SeenNode>;
}

/** Whether nothing is under way in a group. */
export const isAvailable = ({ group }: SeenGroup): boolean => group.Status === 'available';

/**
 * Looks at the groups of many targets: one by its name, several with one listing of all. A group that can be scaled goes
 * through `observe`; of the others the observation says why not.
 * @throws ControllerError when nothing could be seen at all.
 */
export async function observeGroups<T extends GroupTarget>(
  client: ElastiCacheClient,
  targets: readonly T[],
  observe: (target: T, seen: SeenGroup) => Promise<Observation> | Observation,
): Promise<ReadonlyMap<TargetId, Observation>> {
  if (targets.length === 0) return new Map();
  const groups = await seeGroups(client, new Set(targets.map(({ replicationGroup }) => replicationGroup)));
  const observations = targets.map(async (target) => {
    const seen = groups.get(target.replicationGroup);
    const why = whyNotScalable(target.replicationGroup, seen?.group);
    const observation: Observation =
      seen === undefined || why !== null
        ? { kind: 'missing', detail: why ?? '' }
        : await observe(target, seen);
    return [targetId(target), observation] as const;
  });
  return new Map(await Promise.all(observations));
}

/**
 * One group as it is now, for a resize.
 * @throws ControllerError `target-missing` when it is gone or cannot be scaled.
 */
export async function seeGroup(client: ElastiCacheClient, id: string): Promise<SeenGroup | string> {
  const seen = (await seeGroups(client, new Set([id]))).get(id);
  return whyNotScalable(id, seen?.group) ?? seen ?? `there is no replication group ${id}`;
}

async function seeGroups(
  client: ElastiCacheClient,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, SeenGroup>> {
  const [only] = ids;
  const groups = ids.size === 1 && only !== undefined ? await named(client, only) : await listed(client);
  const wanted = groups.filter(({ ReplicationGroupId = '' }) => ids.has(ReplicationGroupId));
  const isBusy = wanted.some(({ Status }) => Status !== 'available');
  const nodes: ReadonlyMap<string, SeenNode> = isBusy ? await seeNodes(client) : new Map();
  return new Map(wanted.map((group) => [group.ReplicationGroupId ?? '', { group, nodes }]));
}

async function named(client: ElastiCacheClient, id: string): Promise<readonly ReplicationGroup[]> {
  try {
    const command = new DescribeReplicationGroupsCommand({ ReplicationGroupId: id });
    return (await client.send(command)).ReplicationGroups ?? [];
  } catch (fault) {
    const error = translateSdkError(fault, `describe the replication group ${id}`);
    if (error.code === 'target-missing') return [];
    throw error;
  }
}

const listed = (client: ElastiCacheClient): Promise<readonly ReplicationGroup[]> =>
  allPages('describe the replication groups', async (Marker) => {
    const answer = await client.send(
      new DescribeReplicationGroupsCommand({ Marker, MaxRecords: RECORDS_A_PAGE }),
    );
    return { items: answer.ReplicationGroups ?? [], next: answer.Marker };
  });

async function seeNodes(client: ElastiCacheClient): Promise<ReadonlyMap<string, SeenNode>> {
  const clusters = await allPages('describe the nodes of the caches', async (Marker) => {
    const answer = await client.send(
      new DescribeCacheClustersCommand({ Marker, MaxRecords: RECORDS_A_PAGE }),
    );
    return { items: answer.CacheClusters ?? [], next: answer.Marker };
  });
  return new Map(
    clusters.map(
      ({ CacheClusterId = '', CacheClusterStatus: status = '', PendingModifiedValues: pending }) => [
        CacheClusterId,
        { status, pendingType: pending?.CacheNodeType },
      ],
    ),
  );
}

async function allPages<T>(
  what: string,
  read: (
    marker: string | undefined,
  ) => Promise<{ readonly items: readonly T[]; readonly next: string | undefined }>,
): Promise<readonly T[]> {
  const found: T[] = [];
  let marker: string | undefined;
  try {
    for (let page = 0; page < PAGES; page += 1) {
      const { items, next } = await read(marker);
      found.push(...items);
      if (next === undefined || next === '') break;
      marker = next;
    }
  } catch (fault) {
    throw translateSdkError(fault, what);
  }
  return found;
}

function whyNotScalable(id: string, group: ReplicationGroup | undefined): string | null {
  if (group === undefined) {
    return `there is no replication group ${id}; a Memcached cluster, a serverless cache and a single node outside of a group cannot be scaled here`;
  }
  if (group.Status === 'deleting' || group.Status === 'create-failed') {
    return `the replication group ${id} is ${group.Status}`;
  }
  const global = group.GlobalReplicationGroupInfo?.GlobalReplicationGroupId;
  return global === undefined
    ? null
    : `the replication group ${id} is a member of the global datastore ${global}: its members are scaled together, not here`;
}
