import { ControllerError } from '../../core/controller-error.ts';
import { type Instant, plusSeconds } from '../../core/time.ts';
import { type Demand, NO_TIERS } from '../demand.ts';
import type { EventReporter } from '../event-reporter.ts';
import type { AccountIdentity, PlantEvent } from '../plant-event.ts';
import type { PlantMetrics } from '../plant-metrics.ts';
import type { PlantOptions } from '../plant-views.ts';
import { seededRandom } from '../seeded-random.ts';
import { type CacheAnswer, refused } from './cache-views.ts';
import { type CachePolicy, groupPlan, isOfCache } from './group-plan.ts';
import { HostedGroup } from './hosted-group.ts';
import { allowedTypes, whyNotNodeType, whyNotReplicas, whyNotShards } from './refusals.ts';

/** What of the account the caches work with. */
export interface CacheAccount {
  readonly identity: AccountIdentity;
  readonly metrics: PlantMetrics;
  readonly reporter: EventReporter;
  now(): Instant;
}

/** The replication groups of the simulated account: those that policies name. */
export class SimulatedCaches {
  readonly #account: CacheAccount;
  readonly #groups: Map<string, HostedGroup>;
  readonly #withoutCapacity = new Set<string>();
  #queued: readonly PlantEvent[] = [];

  constructor(options: PlantOptions, account: CacheAccount) {
    const policies = options.policies.filter(isOfCache);
    const ids = [...new Set(policies.map(({ target }) => target.replicationGroup))];
    this.#account = account;
    this.#groups = new Map(ids.map((id) => [id, hosted(id, policies, options, account.metrics)]));
  }

  /** Share (0..1) of the reads that the caches answer now: the mean of all groups; 0 without a cache. */
  hitRate(): number {
    if (this.#groups.size === 0) return 0;
    const now = this.#account.now();
    return this.#mean((group) => group.hitRate(now));
  }

  /** Share (0..1) of the keys that are in memory: the mean of all groups; 0 without a cache. */
  warmShare(): number {
    return this.#groups.size === 0 ? 0 : this.#mean(({ data }) => data.warmShare);
  }

  /** How many different keys all groups hold when they are warm. */
  keys(): number {
    return [...this.#groups.values()].reduce((sum, { data }) => sum + data.keys, 0);
  }

  /** What a warm run does: at least this share (0..1) of the keys of every group, or of one, is in memory from now on. */
  warm(share: number, id?: string): void {
    const groups = id === undefined ? [...this.#groups.values()] : [this.#existing(id)];
    for (const group of groups) group.data.warm(share, group.room());
  }

  /** Carries them through the second that ends at `end`. */
  step(demand: Demand, end: Instant): readonly PlantEvent[] {
    if (this.#groups.size === 0) return [];
    const share = 1 / this.#groups.size;
    const own = { ...demand, reads: demand.reads * share, writes: demand.writes * share };
    for (const group of this.#groups.values()) group.step(own, end);
    const events = this.#queued;
    this.#queued = [];
    return events;
  }

  /** Ids of the groups, sorted. */
  ids(): readonly string[] {
    return [...this.#groups.keys()].sort();
  }

  /** A group as ElastiCache describes it. */
  describe(id: string): CacheAnswer {
    return this.#with(id, (group) => this.#accepted(group));
  }

  /** IncreaseReplicaCount, DecreaseReplicaCount: an absolute number of replicas in every shard. */
  setReplicas(id: string, replicas: number, direction: 'increase' | 'decrease'): CacheAnswer {
    const isGrowing = direction === 'increase';
    return this.#with(id, (group) => {
      const refusal = whyNotReplicas(group, replicas, isGrowing) ?? this.#whyNotMore(id, isGrowing);
      if (refusal !== null) return refusal;
      group.group.setReplicas(replicas, this.#account.now());
      const operation = isGrowing ? 'IncreaseReplicaCount' : 'DecreaseReplicaCount';
      return this.#changed(group, operation, { newReplicaCount: replicas });
    });
  }

  /** ModifyReplicationGroupShardConfiguration. */
  setShards(id: string, shards: number, remove: readonly string[]): CacheAnswer {
    return this.#with(id, (group) => {
      const isGrowing = shards > group.group.staying.length;
      const refusal = whyNotShards(group, shards, remove) ?? this.#whyNotMore(id, isGrowing);
      if (refusal !== null) return refusal;
      const now = this.#account.now();
      if (isGrowing) group.group.addShards(shards, now);
      else group.group.removeShards(remove, now);
      return this.#changed(group, 'ModifyReplicationGroupShardConfiguration', {
        nodeGroupCount: shards,
        nodeGroupsToRemove: remove,
      });
    });
  }

  /** ModifyReplicationGroup with a node type. */
  setNodeType(id: string, nodeType: string): CacheAnswer {
    return this.#with(id, (group) => {
      const refusal = whyNotNodeType(group, nodeType) ?? this.#whyNotMore(id, true);
      if (refusal !== null) return refusal;
      group.group.setNodeType(nodeType, this.#account.now());
      return this.#changed(group, 'ModifyReplicationGroup', { cacheNodeType: nodeType });
    });
  }

  /** ListAllowedNodeTypeModifications: larger types, and smaller ones whose memory holds the data. */
  allowedNodeTypes(
    id: string,
  ): CacheAnswer<{ readonly up: readonly string[]; readonly down: readonly string[] }> {
    return this.#with(id, (group) => ({ kind: 'accepted', value: allowedTypes(group) }));
  }

  /** Every key of a group is lost. */
  flush(id: string): void {
    this.#existing(id).data.flush();
  }

  /** From now on slots of a group do not move any further, or do again. */
  stickMigration(id: string, stuck = true): void {
    this.#existing(id).group.setStuck(stuck);
  }

  /** From now on there are no new nodes to be had for a group, or are again. */
  exhaustCapacity(id: string, exhausted = true): void {
    this.#existing(id);
    if (exhausted) this.#withoutCapacity.add(id);
    else this.#withoutCapacity.delete(id);
  }

  /** Something else keeps a group busy for so many seconds: a snapshot. */
  occupy(id: string, seconds: number, status = 'snapshotting'): void {
    this.#existing(id).group.occupy(status, plusSeconds(this.#account.now(), seconds));
  }

  /** A group is gone. */
  delete(id: string): void {
    this.#existing(id);
    this.#groups.delete(id);
  }

  #mean(value: (group: HostedGroup) => number): number {
    return [...this.#groups.values()].reduce((sum, group) => sum + value(group), 0) / this.#groups.size;
  }

  #with<T>(id: string, answer: (group: HostedGroup) => CacheAnswer<T>): CacheAnswer<T> {
    const group = this.#groups.get(id);
    return group === undefined
      ? refused('ReplicationGroupNotFoundFault', `ReplicationGroup ${id} not found.`)
      : answer(group);
  }

  #whyNotMore(id: string, needsNodes: boolean): CacheAnswer<never> | null {
    if (!needsNodes || !this.#withoutCapacity.has(id)) return null;
    const message =
      'There is not enough capacity of the requested cache node type in the Availability Zones.';
    return refused('InsufficientCacheClusterCapacityFault', message);
  }

  #accepted(group: HostedGroup): CacheAnswer {
    return { kind: 'accepted', value: group.view(this.#account.identity) };
  }

  #changed(group: HostedGroup, operation: string, request: Readonly<Record<string, unknown>>): CacheAnswer {
    const replicationGroupId = group.plan.id;
    const event = this.#account.reporter.apiCall(
      {
        service: 'elasticache',
        operation,
        request: { replicationGroupId, ...request, applyImmediately: true },
        response: { replicationGroupId, status: group.group.status },
      },
      this.#account.now(),
    );
    this.#queued = [...this.#queued, event];
    return this.#accepted(group);
  }

  #existing(id: string): HostedGroup {
    const group = this.#groups.get(id);
    if (group !== undefined) return group;
    throw new ControllerError(
      'target-missing',
      `the simulated account has no replication group ${id} (it has those that policies name)`,
      { retryable: false },
    );
  }
}

function hosted(
  id: string,
  policies: readonly CachePolicy[],
  options: PlantOptions,
  metrics: PlantMetrics,
): HostedGroup {
  const { workload, start, seed, loadModel = NO_TIERS } = options;
  const own = policies.filter(({ target }) => target.replicationGroup === id);
  const load = workload.loadAt(start);
  const demand = {
    load,
    tasks: 0,
    reads: load * loadModel.readsPerLoad * (1 - (loadModel.pastCaches ?? 0)),
    writes: load * loadModel.writesPerLoad,
  };
  const random = seededRandom(seed, `elasticache/${id}`);
  return new HostedGroup(groupPlan(id, own, options), { metrics, random }, start, demand);
}
