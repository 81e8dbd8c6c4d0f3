import {
  AddTagsToResourceCommand,
  DeleteDBInstanceCommand,
  type RDSClient,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-rds';
import { ControllerError } from '../../../core/controller-error.ts';
import { type AuroraReadersTarget, RESOURCE_TAGS } from '../../../core/target.ts';
import { type Instant, secondsBetween } from '../../../core/time.ts';
import type { MetricSource } from '../../../ports/metric-source.ts';
import { type Connections, connectionsOf } from '../rds-connections.ts';
import { isBroken } from '../rds-descriptions.ts';
import { translateSdkError } from '../sdk-errors.ts';
import { type ClusterView, isGoing, type Reader, removable, whyBusy } from './cluster-view.ts';
import { viewOf } from './look.ts';

/** What leaving needs of the outside world. */
export interface AuroraParts {
  readonly client: RDSClient;
  readonly metrics: MetricSource;
}

/**
 * Marks readers as leaving: ours alone, those that serve nobody yet first, then the least used.
 * @throws ControllerError `rejected` before the first mark when not enough of them may go.
 */
export async function markLeaving(
  { client, metrics }: AuroraParts,
  view: ClusterView,
  count: number,
  now: Instant,
): Promise<void> {
  const candidates = removable(view);
  if (candidates.length < count) {
    const why = `only ${candidates.length} of its readers were created by Plimsoll and are not protected`;
    throw new ControllerError(
      'rejected',
      `could not remove ${count} readers of the cluster ${view.id}: ${why}`,
      {
        retryable: false,
      },
    );
  }
  const serving = candidates.filter(isServing).map(({ id }) => id);
  const connections = await connectionsOf(metrics, serving, now);
  for (const reader of [...candidates].sort(leastMissed(connections)).slice(0, count)) {
    await mark(client, reader, now);
  }
}

const isServing = ({ standing }: Reader): boolean => standing === 'serving' || standing === 'in-transit';

/** Those that serve nobody first, then those with the fewest connections; unknown counts as many. Names decide the rest. */
const leastMissed =
  (connections: ReadonlyMap<string, Connections>) =>
  (one: Reader, other: Reader): number => {
    const [less, more] = [one, other].map((reader) =>
      isServing(reader) ? (connections.get(reader.id)?.count ?? Number.MAX_VALUE) : -1,
    ) as [number, number];
    return less - more || one.id.localeCompare(other.id);
  };

async function mark(client: RDSClient, { id, arn }: Reader, now: Instant): Promise<void> {
  const Tags = [{ Key: RESOURCE_TAGS.leaving, Value: new Date(now).toISOString() }];
  try {
    await client.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags }));
  } catch (error) {
    throw translateSdkError(error, `mark the reader ${id} as leaving`);
  }
}

/** Takes the mark off readers that stay after all, and off a reader that has become the writer. */
export async function keep(client: RDSClient, readers: readonly Reader[]): Promise<void> {
  for (const { id, arn } of readers) {
    const input = { ResourceName: arn, TagKeys: [RESOURCE_TAGS.leaving] };
    await client.send(new RemoveTagsFromResourceCommand(input)).catch((error: unknown) => {
      throw translateSdkError(error, `take the mark of leaving off ${id}`);
    });
  }
}

/** Deletes those of the readers on their way out whose clients have gone, or whose time is over. */
export async function deleteDrained(
  parts: AuroraParts,
  target: AuroraReadersTarget,
  leavers: readonly Reader[],
  now: Instant,
): Promise<void> {
  const serving = leavers.filter(isServing).map(({ id }) => id);
  const connections = await connectionsOf(parts.metrics, serving, now);
  const refusals: unknown[] = [];
  for (const reader of leavers.filter((one) => isDrained(target, one, connections.get(one.id), now))) {
    // One that AWS refuses to delete now keeps none of the others.
    await deleteReader(parts.client, target, reader).catch((error: unknown) => refusals.push(error));
  }
  if (refusals.length > 0) throw refusals[0];
}

// In a state that we do not know, it may have clients still: then it has its drain time.
const hasNoClients = ({ standing, status }: Reader): boolean =>
  standing === 'arriving' || isBroken(status) || status === 'stopped';

function isDrained(
  { leaving: { connections: limit, drainSeconds } }: AuroraReadersTarget,
  reader: Reader,
  connections: Connections | undefined,
  now: Instant,
): boolean {
  const { leaving } = reader;
  if (leaving === null) return isGoing(reader);
  if (hasNoClients(reader) || secondsBetween(leaving, now) >= drainSeconds) return true;
  // What was measured before the mark tells of clients that have come since.
  return connections !== undefined && connections.at >= leaving && connections.count <= limit;
}

/**
 * Deletes one reader, after a last look: a failover may just have made it the writer, or somebody may have taken it over. AWS
 * has no conditional delete, so what happens between this look and the call cannot be seen.
 */
async function deleteReader(client: RDSClient, target: AuroraReadersTarget, before: Reader): Promise<void> {
  const { id } = before;
  const view = await viewOf(client, target);
  const busy = whyBusy(view);
  if (busy !== null) throw notNow(`could not delete the reader ${id}: ${busy}`);
  if (view.writer?.reader.id === id) return keep(client, [view.writer.reader]);
  const reader = view.readers.find((one) => one.id === id);
  if (reader === undefined || reader.standing === 'deleting' || !isGoing(reader)) return;
  // It serves since a moment ago: from now on it has clients, and a drain time.
  if (isServing(reader) && !isServing(before)) return;
  if (!reader.managed || reader.isProtected) return keep(client, [reader]);
  try {
    await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true }));
  } catch (error) {
    throw translateSdkError(error, `delete the reader ${id} of the cluster ${view.id}`);
  }
}

const notNow = (message: string): ControllerError =>
  new ControllerError('unavailable', message, { retryable: true });
