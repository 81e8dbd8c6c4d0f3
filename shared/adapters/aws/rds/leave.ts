import {
  AddTagsToResourceCommand,
  DeleteDBInstanceCommand,
  type RDSClient,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-rds';
import { ControllerError } from '../../../core/controller-error.ts';
import { RESOURCE_TAGS } from '../../../core/target.ts';
import { type Instant, secondsBetween } from '../../../core/time.ts';
import { translateSdkError } from '../sdk-errors.ts';
import { freshInstance, tags } from './instances.ts';
import type { JudgedReplica, Look } from './look.ts';
import { isOurs, isReprievable, type Replica, replicaOf, replicates, stays } from './replica.ts';

/**
 * Who goes: only what we made and nobody protects; first what does not serve, then the one with the fewest connections (unknown
 * ones last), and of equals the newest, whose cache is the coldest.
 */
export function victimsOf(replicas: readonly JudgedReplica[], count: number): readonly JudgedReplica[] {
  const rank = ({ ready, connections, createdAt }: JudgedReplica): readonly number[] => [
    ready ? 1 : 0,
    connections ?? Number.POSITIVE_INFINITY,
    -(createdAt ?? Number.POSITIVE_INFINITY),
  ];
  return replicas
    .filter((replica) => stays(replica) && isOurs(replica))
    .map((replica) => ({ replica, rank: rank(replica) }))
    .sort((a, b) => compare(a.rank, b.rank))
    .slice(0, count)
    .map(({ replica }) => replica);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [place, left] of a.entries()) {
    const right = b[place] ?? left;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** Those on their way out that can still stay: the last that left first, as it has most of its connections and its cache. */
export const reprievable = (replicas: readonly JudgedReplica[], count: number): readonly JudgedReplica[] =>
  replicas
    .filter(isReprievable)
    .sort((a, b) => (b.leavingSince ?? 0) - (a.leavingSince ?? 0))
    .slice(0, count);

/** Marks a replica as on its way out since now. */
export const markLeaving = (client: RDSClient, { id, arn }: Replica, now: Instant): Promise<unknown> =>
  client
    .send(
      new AddTagsToResourceCommand({
        ResourceName: arn,
        Tags: tags({ [RESOURCE_TAGS.leaving]: new Date(now).toISOString() }),
      }),
    )
    .catch((error: unknown) => {
      throw translateSdkError(error, `mark the replica ${id} as leaving`);
    });

/** Lets a replica stay after all. */
export const reprieve = (client: RDSClient, { id, arn }: Replica): Promise<unknown> =>
  client
    .send(new RemoveTagsFromResourceCommand({ ResourceName: arn, TagKeys: [RESOURCE_TAGS.leaving] }))
    .catch((error: unknown) => {
      throw translateSdkError(error, `let the replica ${id} stay`);
    });

/** Those that are empty, have had their time, or never served. */
export const dueToGo = (look: Look): readonly JudgedReplica[] =>
  look.replicas.filter((replica) => isOurs(replica) && isDue(replica, look));

function isDue(replica: JudgedReplica, { target, members, now }: Look): boolean {
  const { phase, leavingSince, connections, createdAt, id } = replica;
  if (phase === 'failed') return true;
  if (leavingSince === null || phase === 'deleting') return false;
  if (members?.some(({ unit, state }) => unit === id && state === 'in-traffic')) return false;
  if (createdAt === null && phase === 'pending') return true;
  const gone = secondsBetween(leavingSince, now);
  if (gone >= target.leaving.drainSeconds) return true;
  const cached = target.endpoint?.kind === 'route53' ? target.endpoint.ttlSeconds : 0;
  return gone >= cached && connections !== null && connections <= target.leaving.connections;
}

/**
 * Deletes replicas, each after another look at it alone: a tag that somebody has just set must count. A refusal stops nobody
 * else's turn.
 * @throws ControllerError the first refusal, when all had their turn.
 */
export async function deleteReplicas(
  client: RDSClient,
  due: readonly JudgedReplica[],
  look: Look,
): Promise<void> {
  const refusals: ControllerError[] = [];
  for (const { id } of due) {
    try {
      await deleteOne(client, id, look);
    } catch (error) {
      refusals.push(translateSdkError(error, `delete the replica ${id}`));
    }
  }
  const [first] = refusals;
  if (first !== undefined) throw first;
}

async function deleteOne(client: RDSClient, id: string, { source, now }: Look): Promise<void> {
  const instance = await freshInstance(client, id);
  if (instance === undefined || !replicates(instance, source.instance)) return;
  const replica = replicaOf(instance, now);
  const wanted = replica.phase === 'failed' || replica.leavingSince !== null;
  if (!isOurs(replica) || !wanted || replica.phase === 'deleting') return;
  await client
    .send(
      new DeleteDBInstanceCommand({
        DBInstanceIdentifier: id,
        // A read replica must be deleted without one: its data are those of its source.
        SkipFinalSnapshot: true,
        DeleteAutomatedBackups: true,
      }),
    )
    .catch((error: unknown) => {
      const known = translateSdkError(error, `delete the replica ${id}`);
      if (known.code !== 'target-missing') throw known;
    });
}

/** What is left to do when fewer can go than were asked to. */
export const tooFewToGo = (asked: number, going: number): ControllerError =>
  new ControllerError(
    'rejected',
    `${asked} replicas should go, but only ${going} can: the others were not made by Plimsoll or are protected`,
    { retryable: false },
  );
