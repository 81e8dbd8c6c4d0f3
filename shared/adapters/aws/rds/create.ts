import { createHash } from 'node:crypto';
import {
  CreateDBInstanceReadReplicaCommand,
  type CreateDBInstanceReadReplicaMessage,
  type DBInstance,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { ControllerError } from '../../../core/controller-error.ts';
import { RESOURCE_TAGS } from '../../../core/target.ts';
import type { ResizeOrder } from '../../../ports/capacity-target.ts';
import { translateSdkError } from '../sdk-errors.ts';
import { faultName, tags } from './instances.ts';
import type { Look } from './look.ts';
import { stays } from './replica.ts';

const LONGEST_NAME = 63;

/** Below this size RDS sets the IOPS of gp3 itself and refuses others: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html */
const GP3_STRIPED_GIB = 400;

/** Where and as what a replica may be made. */
interface Place {
  readonly instanceClass: string | undefined;
  readonly zone: string | undefined;
}

/** What one place answered. `full`: no capacity there now. */
type Attempt = 'made' | 'full';

/**
 * Makes replicas. Their names come from the resize: a retry after a lost answer meets its own replica as "already exists", and
 * counts it.
 * @throws ControllerError `unavailable`, retryable, when no class had capacity in any zone.
 */
export async function createReplicas(
  client: RDSClient,
  look: Look,
  order: ResizeOrder,
  count: number,
): Promise<void> {
  const used = new Map<string, number>();
  for (const id of freeNames(look, order.resizeId, count)) {
    const zone = await createOne(client, look, order, id, used);
    if (zone !== undefined) used.set(zone, (used.get(zone) ?? 0) + 1);
  }
}

/** `<source>-plimsoll-<hash>-<k>`: at most 63 letters, digits and single hyphens. */
export function replicaName(source: string, resizeId: string, place: number): string {
  const hash = createHash('sha256').update(resizeId).digest('hex').slice(0, 8);
  const ending = `-plimsoll-${hash}-${place}`;
  return `${source.slice(0, LONGEST_NAME - ending.length).replace(/-+$/, '')}${ending}`.toLowerCase();
}

function freeNames({ source }: Look, resizeId: string, count: number): readonly string[] {
  const taken = new Set(source.replicas.map(({ id }) => id));
  // As many replicas as there are can be in the way.
  const names = Array.from({ length: count + taken.size }, (_, place) =>
    replicaName(source.id, resizeId, place + 1),
  );
  return names.filter((name) => !taken.has(name)).slice(0, count);
}

async function createOne(
  client: RDSClient,
  look: Look,
  order: ResizeOrder,
  id: string,
  used: ReadonlyMap<string, number>,
): Promise<string | undefined> {
  const places = placesOf(look, used);
  for (const place of places) {
    const input = inputOf(look.source.instance, look.source.id, id, place, order);
    if ((await attempt(client, input)) === 'made') return place.zone;
  }
  const tried = places
    .map(({ instanceClass, zone }) => `${instanceClass} in ${zone ?? 'any zone'}`)
    .join(', ');
  const message = `could not create the replica ${id}: AWS has no capacity for ${tried}`;
  throw new ControllerError('unavailable', message, { retryable: true });
}

async function attempt(client: RDSClient, input: CreateDBInstanceReadReplicaMessage): Promise<Attempt> {
  try {
    await client.send(new CreateDBInstanceReadReplicaCommand(input));
    return 'made';
  } catch (error) {
    const fault = faultName(error);
    if (fault === 'DBInstanceAlreadyExists') return 'made';
    if (fault === 'InsufficientDBInstanceCapacity' || fault === 'ProvisionedIopsNotAvailableInAZ')
      return 'full';
    throw translateSdkError(error, `create the replica ${input.DBInstanceIdentifier}`);
  }
}

/** Every class of the list in every zone, the zone with the fewest replicas first; a class is left only when no zone has it. */
function placesOf({ target, source, replicas }: Look, used: ReadonlyMap<string, number>): readonly Place[] {
  const { instance } = source;
  const classes = target.classes.length > 0 ? target.classes : [instance.DBInstanceClass];
  const inGroup = (instance.DBSubnetGroup?.Subnets ?? []).flatMap(
    ({ SubnetAvailabilityZone: zone }) => zone?.Name ?? [],
  );
  const zones = [...new Set(target.zones.length > 0 ? target.zones : inGroup)];
  const load = (zone: string): number =>
    (used.get(zone) ?? 0) + replicas.filter((replica) => stays(replica) && replica.zone === zone).length;
  const spread: readonly (string | undefined)[] =
    zones.length === 0 ? [undefined] : zones.sort((a, b) => load(a) - load(b));
  return classes.flatMap((instanceClass) => spread.map((zone) => ({ instanceClass, zone })));
}

/**
 * A replica like its source. RDS copies by itself, within a region: engine and version, KMS key, subnet group, allocated storage,
 * minor version upgrades, and the parameter group, which it refuses to be given ("A parameter group can't be specified during Read
 * Replica creation"). It does not copy what is given here.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html
 */
function inputOf(
  source: DBInstance,
  sourceId: string,
  id: string,
  { instanceClass, zone }: Place,
  { policy, resizeId }: ResizeOrder,
): CreateDBInstanceReadReplicaMessage {
  return {
    DBInstanceIdentifier: id,
    SourceDBInstanceIdentifier: sourceId,
    DBInstanceClass: instanceClass,
    AvailabilityZone: zone,
    ...likeness(source),
    ...storageOf(source),
    ...watchingOf(source),
    MultiAZ: false,
    // Or it could not be deleted.
    DeletionProtection: false,
    Tags: tags({
      [RESOURCE_TAGS.managed]: 'true',
      [RESOURCE_TAGS.policy]: policy,
      [RESOURCE_TAGS.resize]: resizeId,
    }),
  };
}

const likeness = (source: DBInstance): Partial<CreateDBInstanceReadReplicaMessage> => ({
  Port: source.Endpoint?.Port,
  OptionGroupName: source.OptionGroupMemberships?.[0]?.OptionGroupName,
  VpcSecurityGroupIds: source.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId: group }) => group ?? []),
  PubliclyAccessible: source.PubliclyAccessible,
  CopyTagsToSnapshot: source.CopyTagsToSnapshot,
  EnableIAMDatabaseAuthentication: source.IAMDatabaseAuthenticationEnabled,
  CACertificateIdentifier: source.CACertificateIdentifier,
  NetworkType: source.NetworkType,
  MaxAllocatedStorage: source.MaxAllocatedStorage,
});

/** `gp3` is what RDS takes by itself; its IOPS can only be given from 400 GiB on. */
function storageOf(source: DBInstance): Partial<CreateDBInstanceReadReplicaMessage> {
  const { StorageType, Iops, StorageThroughput, AllocatedStorage = 0 } = source;
  if (StorageType === 'gp3')
    return AllocatedStorage < GP3_STRIPED_GIB ? {} : { StorageType, Iops, StorageThroughput };
  return StorageType?.startsWith('io') === true ? { StorageType, Iops } : { StorageType };
}

function watchingOf(source: DBInstance): Partial<CreateDBInstanceReadReplicaMessage> {
  const { MonitoringInterval = 0, MonitoringRoleArn, PerformanceInsightsEnabled } = source;
  return {
    EnableCloudwatchLogsExports: source.EnabledCloudwatchLogsExports,
    ...(MonitoringInterval > 0 && { MonitoringInterval, MonitoringRoleArn }),
    ...(PerformanceInsightsEnabled === true && {
      EnablePerformanceInsights: true,
      PerformanceInsightsKMSKeyId: source.PerformanceInsightsKMSKeyId,
      PerformanceInsightsRetentionPeriod: source.PerformanceInsightsRetentionPeriod,
    }),
  };
}
