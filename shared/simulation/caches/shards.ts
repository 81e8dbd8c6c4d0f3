import type { ShardView } from './cache-views.ts';

/** A node of a replication group. */
export interface SimulatedNode {
  readonly id: string;
  readonly number: number;
  status: 'creating' | 'available' | 'deleting';
  /** When it is there, or gone; in milliseconds since the epoch. */
  changesAt: number;
}

/** A shard of a replication group; the first of its nodes is the primary. */
export interface SimulatedShard {
  readonly id: string;
  /** How much of the data it holds beside its equal share: hash slots are equal, keys are not. */
  readonly skew: number;
  nodes: SimulatedNode[];
  holdsSlots: boolean;
  leaving: boolean;
}

const SLOTS = 16_384;
const ZONES = ['a', 'b', 'c'] as const;

/** A shard without nodes. */
export const newShard = (id: string, holdsSlots: boolean, skew: number): SimulatedShard => ({
  id,
  skew,
  nodes: [],
  holdsSlots,
  leaving: false,
});

/** The least number that is free, in the form of ElastiCache: `0001`. */
export function nextShardId(shards: readonly SimulatedShard[]): string {
  let number = 1;
  const idOf = (): string => String(number).padStart(4, '0');
  while (shards.some(({ id }) => id === idOf())) number += 1;
  return idOf();
}

/** Whether every node of every shard is in a state. */
export const allAre = (shards: readonly SimulatedShard[], status: SimulatedNode['status']): boolean =>
  shards.every(({ nodes }) => nodes.every((node) => node.status === status));

/** Nodes of a shard that answer. */
export const answering = ({ nodes }: SimulatedShard): readonly SimulatedNode[] =>
  nodes.filter(({ status }) => status === 'available');

/** Shards as ElastiCache describes them. */
export function shardViews(shards: readonly SimulatedShard[], isModifying: boolean): readonly ShardView[] {
  const holding = shards.filter(({ holdsSlots }) => holdsSlots);
  return shards.map((shard) => ({
    id: shard.id,
    status: allAre([shard], 'creating') ? 'creating' : isModifying ? 'modifying' : 'available',
    slots: slotsOf(holding.indexOf(shard), holding.length),
    nodes: shard.nodes.map(({ id, status, number }, index) => ({
      id,
      status: status === 'available' && isModifying ? 'modifying' : status,
      role: index === 0 ? 'primary' : 'replica',
      zone: ZONES[(number - 1) % ZONES.length] ?? 'a',
    })),
  }));
}

function slotsOf(index: number, count: number): string {
  if (index < 0) return '';
  const from = Math.floor((index * SLOTS) / count);
  return `${from}-${Math.floor(((index + 1) * SLOTS) / count) - 1}`;
}
