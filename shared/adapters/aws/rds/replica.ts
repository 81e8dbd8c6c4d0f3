import type { DBInstance } from '@aws-sdk/client-rds';
import { RESOURCE_TAGS } from '../../../core/target.ts';
import { type Instant, instant, secondsBetween } from '../../../core/time.ts';
import type { UnitAddress } from '../../../ports/traffic.ts';
import { tagOf } from '../rds-descriptions.ts';

/**
 * States in which an instance serves.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
 */
const SERVING = new Set([
  'available',
  'backing-up',
  'configuring-activity-stream',
  'configuring-enhanced-monitoring',
  'configuring-iam-database-auth',
  'configuring-log-exports',
  'delete-precheck',
  'modifying',
  'resetting-master-credentials',
  'storage-config-upgrade',
  'storage-initialization',
  'storage-optimization',
]);

/** Of those, states that come before a restart or an end, or may: a replica in them gets no traffic. */
const SOON_DOWN = new Set([
  'delete-precheck',
  'modifying',
  'resetting-master-credentials',
  'storage-config-upgrade',
]);

/** States that no wait ends. What is `storage-full`, `rebooting` or `upgrading` is still a replica. */
const FAILED = new Set([
  'failed',
  'inaccessible-encryption-credentials',
  'incompatible-network',
  'incompatible-option-group',
  'incompatible-parameters',
  'incompatible-restore',
  'insufficient-capacity',
  'restore-error',
]);

/** A new replica is backed up before it is `available`; the same state in a later night is that of one that serves. */
const FIRST_BACKUP_SECONDS = 3600;

/** A read replica as its description has it. */
export interface Replica {
  readonly id: string;
  readonly arn: string | undefined;
  readonly status: string;
  readonly phase: 'pending' | 'serving' | 'failed' | 'deleting';
  /** Serves, and will go on to. */
  readonly steady: boolean;
  readonly createdAt: Instant | null;
  readonly zone: string | null;
  /** Made by us: only that may be deleted. */
  readonly managed: boolean;
  /** Must not go: tagged so, protected by RDS, or the source of replicas of its own. */
  readonly protected: boolean;
  /** Since when it is on its way out; null = it stays. A tag that is no time counts from now: it has waited for nothing yet. */
  readonly leavingSince: Instant | null;
  readonly warmed: boolean;
  /** The resize that it was made for; undefined where nobody says. */
  readonly resizeId: string | undefined;
  readonly host: string | null;
}

/** Reads a description. */
export function replicaOf(instance: DBInstance, now: Instant): Replica {
  const createdAt =
    instance.InstanceCreateTime === undefined ? null : instant(instance.InstanceCreateTime.getTime());
  const status = instance.DBInstanceStatus ?? 'unknown';
  const isTrue = (key: string): boolean => tagOf(instance, key) === 'true';
  return {
    id: instance.DBInstanceIdentifier ?? '',
    arn: instance.DBInstanceArn,
    status,
    phase: phaseOf(status, createdAt, now),
    steady: phaseOf(status, createdAt, now) === 'serving' && !SOON_DOWN.has(status),
    createdAt,
    zone: instance.AvailabilityZone ?? null,
    managed: isTrue(RESOURCE_TAGS.managed),
    protected:
      isTrue(RESOURCE_TAGS.protected) ||
      instance.DeletionProtection === true ||
      (instance.ReadReplicaDBInstanceIdentifiers ?? []).length > 0,
    leavingSince: leavingOf(tagOf(instance, RESOURCE_TAGS.leaving), now),
    warmed: tagOf(instance, RESOURCE_TAGS.warmed) !== undefined,
    resizeId: tagOf(instance, RESOURCE_TAGS.resize),
    host: instance.Endpoint?.Address ?? null,
  };
}

function phaseOf(status: string, createdAt: Instant | null, now: Instant): Replica['phase'] {
  if (status === 'deleting') return 'deleting';
  if (FAILED.has(status)) return 'failed';
  if (!SERVING.has(status)) return 'pending';
  if (status !== 'backing-up') return 'serving';
  const isNew = createdAt === null || secondsBetween(createdAt, now) < FIRST_BACKUP_SECONDS;
  return isNew ? 'pending' : 'serving';
}

function leavingOf(tag: string | undefined, now: Instant): Instant | null {
  if (tag === undefined) return null;
  const at = Date.parse(tag);
  return Number.isNaN(at) || at > now ? now : instant(at);
}

/** Counts towards the size: neither on its way out nor beyond repair. */
export const stays = ({ phase, leavingSince }: Replica): boolean =>
  leavingSince === null && (phase === 'pending' || phase === 'serving');

/** On its way out, and can still stay. */
export const isReprievable = ({ phase, leavingSince }: Replica): boolean =>
  leavingSince !== null && (phase === 'serving' || phase === 'pending');

/** May be chosen to go. */
export const isOurs = (replica: Replica): boolean => replica.managed && !replica.protected;

/** Where replicas can be reached; those without an address yet are in no endpoint. */
export const addressesOf = (replicas: readonly Replica[]): readonly UnitAddress[] =>
  replicas.flatMap(({ id, host }) => (host === null ? [] : [{ unit: id, host }]));

/**
 * Whether an instance replicates from this source, which its description names by identifier or by ARN. An ARN must be the very one:
 * a replica of a database of the same name in another region is none of ours.
 */
export const replicates = (
  { ReadReplicaSourceDBInstanceIdentifier: from }: DBInstance,
  { DBInstanceIdentifier: id, DBInstanceArn: arn }: DBInstance,
): boolean => from !== undefined && (from === id || from === arn);
