import type { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { ControllerError } from '../../../core/controller-error.ts';
import { targetId } from '../../../core/target.ts';
import type { ResizeOrder } from '../../../ports/capacity-target.ts';
import { translateSdkError } from '../sdk-errors.ts';
import { type GroupTarget, isAvailable, type SeenGroup, seeGroup } from './describe-groups.ts';

/** How one kind of size of a group is read and asked for. */
export interface GroupResize {
  /** Why a group has no such size; by default every group has. */
  whyNot?(seen: SeenGroup): string | null;
  sizeOf(seen: SeenGroup): number;
  ask(seen: SeenGroup): Promise<unknown>;
}

/**
 * Asks for the size of an order if the group has another one and is available.
 *
 * It is called at every look until the size is reached, because a description tells nothing of the size that was asked for. While
 * the group is `modifying` it is left alone: it is at work, most often for us. Any other state has to pass first.
 * @throws ControllerError `target-missing`, `rejected`, `throttled`, `unavailable` (busy, or short of nodes) or `denied`.
 */
export async function resizeGroup(
  client: ElastiCacheClient,
  target: GroupTarget,
  { size }: ResizeOrder,
  { whyNot = () => null, sizeOf, ask }: GroupResize,
): Promise<void> {
  const what = `resize ${targetId(target)} to ${size}`;
  const seen = await seeGroup(client, target.replicationGroup);
  const missing = typeof seen === 'string' ? seen : whyNot(seen);
  if (typeof seen === 'string' || missing !== null) {
    throw new ControllerError('target-missing', `could not ${what}: ${missing}`, { retryable: false });
  }
  if (!isAvailable(seen)) {
    if (seen.group.Status === 'modifying') return;
    const message = `could not ${what}: the replication group is ${seen.group.Status}`;
    throw new ControllerError('unavailable', message, { retryable: true });
  }
  if (sizeOf(seen) === size) return;
  try {
    await ask(seen);
  } catch (fault) {
    if (nameOf(fault) === 'NoOperationFault') return;
    throw translateSdkError(fault, what);
  }
}

const nameOf = (fault: unknown): string => (fault instanceof Error ? fault.name : '');
