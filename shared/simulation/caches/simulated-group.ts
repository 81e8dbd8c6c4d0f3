import { type Instant, plusSeconds } from '../../core/time.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { ShardView } from './cache-views.ts';
import {
  type CacheWork,
  FAILOVER_SECONDS,
  NODE_DELETION_SECONDS,
  NODE_TYPE_SECONDS,
  REPLICA_SECONDS,
  SHARD_CREATION_SECONDS,
  SLOT_MIGRATION_SECONDS,
} from './cache-work.ts';
import {
  allAre,
  newShard,
  nextShardId,
  type SimulatedNode,
  type SimulatedShard,
  shardViews,
} from './shards.ts';

/** What a replication group begins as. */
export interface GroupOptions {
  readonly id: string;
  readonly clusterMode: boolean;
  readonly nodeType: string;
  readonly shards: number;
  readonly replicas: number;
  readonly random: SeededRandom;
}

/** A replication group: its shards and nodes, and what it is at work on. It answers no question of what may be asked. */
export class SimulatedGroup {
  readonly id: string;
  readonly clusterMode: boolean;
  readonly #random: SeededRandom;
  #nodeType: string;
  #shards: SimulatedShard[] = [];
  #work: CacheWork | null = null;
  #stuck = false;
  #failoverUntil: Instant | null = null;

  constructor({ id, clusterMode, nodeType, shards, replicas, random }: GroupOptions) {
    this.id = id;
    this.clusterMode = clusterMode;
    this.#nodeType = nodeType;
    this.#random = random;
    for (let index = 0; index < shards; index += 1) this.#addShard(replicas, null);
  }

  get nodeType(): string {
    return this.#nodeType;
  }

  /** `available`, or what it is at work on, in the words of DescribeReplicationGroups. */
  get status(): string {
    if (this.#work === null) return 'available';
    return this.#work.kind === 'other' ? this.#work.status : 'modifying';
  }

  /** Shards that hold data. */
  get serving(): readonly SimulatedShard[] {
    return this.#shards.filter(({ holdsSlots }) => holdsSlots);
  }

  /** Shards that are there and not on their way out. */
  get staying(): readonly SimulatedShard[] {
    return this.#shards.filter(({ leaving }) => !leaving);
  }

  /** Replicas of the first shard that are not on their way out. */
  get replicas(): number {
    return Math.max(
      0,
      (this.#shards[0]?.nodes.filter(({ status }) => status !== 'deleting').length ?? 1) - 1,
    );
  }

  /** How far slots have moved, in percent; null = no resharding is under way. */
  get slotMigrationPercent(): number | null {
    if (this.#work?.kind !== 'shards') return null;
    return Math.min(100, Math.floor((100 * this.#work.movedSeconds) / this.#work.migrationSeconds));
  }

  get pendingNodeType(): string | null {
    return this.#work?.kind === 'node-type' ? this.#work.nodeType : null;
  }

  /** Whether slots are moving right now: some reads are sent from one shard to the other. */
  get isMigrating(): boolean {
    return this.#work?.kind === 'shards' && this.#work.movedSeconds > 0;
  }

  /** Whether a primary is being replaced right now: nobody answers. */
  isFailingOver(now: Instant): boolean {
    return this.#failoverUntil !== null && now < this.#failoverUntil;
  }

  views(): readonly ShardView[] {
    return shardViews(this.#shards, this.#work !== null && this.#work.kind !== 'other');
  }

  /** Makes or deletes replicas so that every shard has as many; the primary stays. */
  setReplicas(replicas: number, now: Instant): void {
    this.#work = { kind: 'replicas' };
    for (const shard of this.#shards) {
      for (let number = shard.nodes.length; number <= replicas; number += 1) {
        const readyAt = this.#after(now, REPLICA_SECONDS);
        shard.nodes.push(this.#node(shard.id, 'creating', readyAt));
      }
      for (const node of shard.nodes.slice(replicas + 1)) {
        node.status = 'deleting';
        node.changesAt = this.#after(now, NODE_DELETION_SECONDS);
      }
    }
  }

  /** Makes shards up to a number, and moves slots to them. */
  addShards(shards: number, now: Instant): void {
    const migratesFrom = this.#after(now, SHARD_CREATION_SECONDS);
    const replicas = this.replicas;
    for (let number = this.#shards.length; number < shards; number += 1)
      this.#addShard(replicas, migratesFrom);
    this.#reshard(migratesFrom, []);
  }

  /** Moves the slots of some shards to the others, and deletes them. */
  removeShards(leaving: readonly string[], now: Instant): void {
    for (const shard of this.#shards) shard.leaving = leaving.includes(shard.id);
    this.#reshard(now, leaving);
  }

  setNodeType(nodeType: string, now: Instant): void {
    this.#work = { kind: 'node-type', nodeType, endsAt: this.#after(now, NODE_TYPE_SECONDS) };
  }

  /** Something else keeps it busy. */
  occupy(status: string, endsAt: Instant): void {
    this.#work ??= { kind: 'other', status, endsAt };
  }

  /** A resharding that is stuck makes no progress until it is not any more. */
  setStuck(stuck: boolean): void {
    this.#stuck = stuck;
  }

  /** Carries it through the second that ends at `now`. Cheap when nothing is under way. */
  advanceTo(now: Instant): void {
    if (this.#work === null) return;
    this.#changeNodes(now);
    if (this.#isDone(this.#work, now)) this.#work = null;
  }

  #changeNodes(now: Instant): void {
    for (const shard of this.#shards) {
      shard.nodes = shard.nodes.filter(({ status, changesAt }) => status !== 'deleting' || changesAt > now);
      for (const node of shard.nodes) {
        if (node.status === 'creating' && node.changesAt <= now) node.status = 'available';
      }
    }
  }

  #isDone(work: CacheWork, now: Instant): boolean {
    switch (work.kind) {
      case 'replicas':
        return allAre(this.#shards, 'available');
      case 'shards':
        return this.#migrate(work, now);
      case 'node-type':
        if (now < work.endsAt) return false;
        this.#nodeType = work.nodeType;
        this.#failoverUntil = plusSeconds(now, FAILOVER_SECONDS);
        return true;
      case 'other':
        return now >= work.endsAt;
    }
  }

  #migrate(work: Extract<CacheWork, { kind: 'shards' }>, now: Instant): boolean {
    if (now < work.migratesFrom || this.#stuck) return false;
    work.movedSeconds += 1;
    if (work.movedSeconds < work.migrationSeconds) return false;
    this.#shards = this.#shards.filter(({ id }) => !work.leaving.includes(id));
    for (const shard of this.#shards) shard.holdsSlots = true;
    return true;
  }

  #reshard(migratesFrom: Instant, leaving: readonly string[]): void {
    const { min, max } = SLOT_MIGRATION_SECONDS;
    const migrationSeconds = this.#random.between(min, max);
    this.#work = { kind: 'shards', migratesFrom, migrationSeconds, movedSeconds: 0, leaving };
  }

  #addShard(replicas: number, readyAt: Instant | null): void {
    const shard = newShard(nextShardId(this.#shards), readyAt === null, this.#random.between(96, 104) / 100);
    for (let number = 0; number <= replicas; number += 1) {
      shard.nodes.push(
        this.#node(shard.id, readyAt === null ? 'available' : 'creating', readyAt, shard.nodes),
      );
    }
    this.#shards.push(shard);
  }

  /** Nodes are numbered in their shard; a number that is free again is given again. */
  #node(
    shardId: string,
    status: SimulatedNode['status'],
    changesAt: Instant | null,
    among = this.#shards.find(({ id }) => id === shardId)?.nodes ?? [],
  ): SimulatedNode {
    const prefix = this.clusterMode ? `${this.id}-${shardId}` : this.id;
    let number = 1;
    const idOf = (): string => `${prefix}-${String(number).padStart(3, '0')}`;
    while (among.some(({ id }) => id === idOf())) number += 1;
    return { id: idOf(), status, changesAt: changesAt ?? Number.POSITIVE_INFINITY, number };
  }

  #after(now: Instant, { min, max }: { readonly min: number; readonly max: number }): Instant {
    return plusSeconds(now, this.#random.between(min, max));
  }
}
