import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import type { SizeLimit } from '../../core/capacity.ts';
import { ControllerError } from '../../core/controller-error.ts';
import { type RdsInstanceClassTarget, type TargetId, targetId } from '../../core/target.ts';
import type { CapacityTarget, Observation, ResizeOrder } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';
import { observeBulk } from './observe-bulk.ts';
import { instancesBy, sameIdentifier, standingOf } from './rds-descriptions.ts';
import { whyNotOffered } from './rds-orderable-classes.ts';
import { translateSdkError } from './sdk-errors.ts';

/** Classes of RDS instances through a client of their own. */
export const connectRdsInstanceClasses = (options: ClientOptions): CapacityTarget<RdsInstanceClassTarget> =>
  rdsInstanceClassTarget(new RDSClient(options));

/**
 * The class of RDS instances: the size is its place on the ladder, from 1. RDS carries an accepted change to its end by
 * itself; the instance is out for some minutes while it does.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.Modifying.html
 */
export function rdsInstanceClassTarget(client: RDSClient): CapacityTarget<RdsInstanceClassTarget> {
  return {
    asks: 'once',
    describe: (targets) => observeBulk(targets, (batch) => observe(client, batch)),
    resize: (target, order) => resize(client, target, order),
    rollBack: (target, order) => rollBack(client, target, order),
  };
}

async function observe(
  client: RDSClient,
  targets: readonly RdsInstanceClassTarget[],
): Promise<ReadonlyMap<TargetId, Observation>> {
  const ids = targets.map(({ instance }) => instance);
  const instances = await instancesBy(client, 'db-instance-id', ids);
  return new Map(targets.map((target) => [targetId(target), observationOf(target, find(instances, target))]));
}

const find = (
  instances: readonly DBInstance[],
  { instance }: RdsInstanceClassTarget,
): DBInstance | undefined =>
  instances.find(({ DBInstanceIdentifier }) => sameIdentifier(DBInstanceIdentifier, instance));

function observationOf(target: RdsInstanceClassTarget, instance: DBInstance | undefined): Observation {
  const why = whyUnusable(target, instance);
  if (instance === undefined || why !== null) return { kind: 'missing', detail: why ?? '' };
  const running = rungOf(target, instance.DBInstanceClass);
  const coming = rungOf(target, pendingClassOf(instance));
  const busy = whyBusy(instance);
  const desired = coming === 0 ? running : coming;
  return {
    kind: 'present',
    deployment: 'none',
    capacity: {
      desired,
      running,
      // While its class is changed the instance serves until it is switched over.
      ready: standingOf(instance.DBInstanceStatus) === 'failed' ? 0 : running,
      pending: busy === null ? 0 : 1,
    },
    limits: busy === null ? [] : [heldAt(desired, 'out', busy), heldAt(desired, 'in', busy)],
  };
}

const heldAt = (size: number, direction: SizeLimit['direction'], detail: string): SizeLimit => ({
  direction,
  size,
  reason: 'resource-busy',
  detail,
});

function whyUnusable(target: RdsInstanceClassTarget, instance: DBInstance | undefined): string | null {
  const { instance: id, ladder } = target;
  if (instance === undefined) return `there is no instance ${id}`;
  if (standingOf(instance.DBInstanceStatus) === 'deleting') return `the instance ${id} is being deleted`;
  if (rungOf(target, instance.DBInstanceClass) > 0) return null;
  return `the class ${instance.DBInstanceClass} of the instance ${id} is not on the ladder (${ladder.join(', ')}): add it, or change the class by hand`;
}

/** The place of a class on the ladder, from 1; 0 = it is not there. */
const rungOf = ({ ladder }: RdsInstanceClassTarget, instanceClass: string | undefined): number =>
  instanceClass === undefined ? 0 : ladder.indexOf(instanceClass) + 1;

const pendingClassOf = ({ PendingModifiedValues }: DBInstance): string | undefined =>
  PendingModifiedValues?.DBInstanceClass;

/**
 * Why nothing may be applied immediately: that applies whatever else somebody left for the next maintenance window, an upgrade of
 * the engine for instance. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html
 */
function whyNotNow({ DBInstanceIdentifier: id, PendingModifiedValues = {} }: DBInstance): string | null {
  const others = Object.entries(PendingModifiedValues)
    .filter(([name, value]) => name !== 'DBInstanceClass' && isSaid(value))
    .map(([name]) => name);
  if (others.length === 0) return null;
  return `The instance ${id} has other changes pending (${others.join(', ')}), which a change of its class would apply at once.`;
}

const isSaid = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);

/** Why the class cannot be changed now; null = it can. ModifyDBInstance takes an instance that is `available`. */
function whyBusy(instance: DBInstance): string | null {
  const { DBInstanceIdentifier: id, DBInstanceStatus: status } = instance;
  const others = whyNotNow(instance);
  if (others !== null) return others;
  const pending = pendingClassOf(instance);
  if (pending !== undefined) {
    return `The instance ${id} is ${status} and on its way from ${instance.DBInstanceClass} to ${pending}.`;
  }
  return status === 'available' ? null : `The instance ${id} is ${status}.`;
}

async function lookAtOne(client: RDSClient, target: RdsInstanceClassTarget): Promise<DBInstance> {
  const { instance: id } = target;
  const instances = await instancesBy(client, 'db-instance-id', [id]).catch((error: unknown) => {
    throw translateSdkError(error, `describe the instance ${id}`);
  });
  const instance = find(instances, target);
  const why = whyUnusable(target, instance);
  if (instance === undefined || why !== null) {
    throw new ControllerError('target-missing', `could not change the class of ${id}: ${why}`, {
      retryable: false,
    });
  }
  return instance;
}

async function resize(
  client: RDSClient,
  target: RdsInstanceClassTarget,
  { size }: ResizeOrder,
): Promise<void> {
  const wanted = target.ladder[size - 1];
  const { instance: id } = target;
  if (wanted === undefined) {
    throw refusal(
      `could not change the class of ${id}: the ladder has ${target.ladder.length} rungs, not ${size}`,
    );
  }
  const instance = await lookAtOne(client, target);
  const pending = pendingClassOf(instance);
  const isThere = pending === undefined && instance.DBInstanceClass === wanted;
  // One that somebody left for the next maintenance window is applied now: its instance is still available.
  const isComing = pending === wanted && instance.DBInstanceStatus !== 'available';
  if (isThere || isComing) return;
  if (instance.DBInstanceStatus !== 'available') {
    const message = `could not change the class of ${id} to ${wanted}: it is ${instance.DBInstanceStatus}`;
    throw new ControllerError('unavailable', message, { retryable: true });
  }
  const others = whyNotNow(instance);
  if (others !== null) {
    const message = `could not change the class of ${id} to ${wanted}: ${others}`;
    throw new ControllerError('unavailable', message, { retryable: true });
  }
  const why = await whyNotOffered(client, instance, wanted);
  if (why !== null) throw refusal(`could not change the class of ${id} to ${wanted}: ${why}`);
  await modify(client, id, wanted);
}

const refusal = (message: string): ControllerError =>
  new ControllerError('rejected', message, { retryable: false });

async function modify(client: RDSClient, id: string, instanceClass: string): Promise<void> {
  const input = { DBInstanceIdentifier: id, DBInstanceClass: instanceClass, ApplyImmediately: true };
  try {
    await client.send(new ModifyDBInstanceCommand(input));
  } catch (error) {
    throw translateSdkError(error, `change the class of ${id} to ${instanceClass}`);
  }
}

/**
 * Takes back a change that has not come through, while the old class still runs: asking for the class that runs clears the
 * pending one. A change that RDS is carrying out cannot be stopped: it is met again when the instance is available.
 */
async function rollBack(
  client: RDSClient,
  target: RdsInstanceClassTarget,
  { from }: ResizeOrder,
): Promise<string | null> {
  const old = target.ladder[from - 1];
  const instance = await lookAtOne(client, target);
  const pending = pendingClassOf(instance);
  if (old === undefined || instance.DBInstanceClass !== old || pending === undefined) return null;
  const others = whyNotNow(instance);
  if (others !== null) return `The change to ${pending} was not taken back. ${others}`;
  try {
    await modify(client, target.instance, old);
    return `The change to ${pending} was taken back: ${target.instance} keeps ${old}.`;
  } catch (error) {
    if (!(error instanceof ControllerError) || error.retryable) throw error;
    return `The change to ${pending} could not be taken back (${error.message}): look at ${target.instance}, which runs as ${old}.`;
  }
}
