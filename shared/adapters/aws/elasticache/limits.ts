import type { SizeLimit } from '../../../core/capacity.ts';
import type { SeenGroup } from './describe-groups.ts';

/**
 * The most nodes of a cluster that a quota can be raised to, from engine version 5.0.6 on; by default it is 90, and whether it
 * was raised is not in a description: beyond it the service refuses with a reason.
 * Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Shards.html
 */
export const MOST_NODES = 500;

/** While a group is at work nothing may be asked of it: both directions end at the size that it has. Null = it is available. */
export function busyLimits({ group }: SeenGroup, size: number): readonly SizeLimit[] | null {
  if (group.Status === 'available') return null;
  const detail = `The replication group ${group.ReplicationGroupId} is ${group.Status}${progressOf(group)}: it can be resized only while it is available.`;
  return (['out', 'in'] as const).map((direction) => ({ direction, size, reason: 'resource-busy', detail }));
}

/** How far slots have moved, as a clause; empty when none move. */
function progressOf({ PendingModifiedValues: pending }: SeenGroup['group']): string {
  const percent = pending?.Resharding?.SlotMigration?.ProgressPercentage;
  return percent === undefined ? '' : ` (${Math.round(percent)} % of the slots to move have moved)`;
}
