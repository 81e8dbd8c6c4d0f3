import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type DBInstance, RDSClient } from '@aws-sdk/client-rds';
import { ControllerError } from '../../core/controller-error.ts';
import { type RdsReplicasTarget, type TargetId, targetId } from '../../core/target.ts';
import type { Instant } from '../../core/time.ts';
import type { CapacityTarget, Observation, ResizeOrder } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';
import { cloudWatchMetricSource } from './cloudwatch-metric-source.ts';
import { createReplicas } from './rds/create.ts';
import { keepUp, upkeepOf } from './rds/endpoint.ts';
import { listInstances } from './rds/instances.ts';
import { requestsFor } from './rds/lag.ts';
import {
  deleteReplicas,
  dueToGo,
  markLeaving,
  reprievable,
  reprieve,
  tooFewToGo,
  victimsOf,
} from './rds/leave.ts';
import { limitsOf } from './rds/limits.ts';
import { type JudgedReplica, type Look, lookAt, type RdsParts } from './rds/look.ts';
import { observationOf } from './rds/observation.ts';
import { isOurs, stays } from './rds/replica.ts';
import { type Source, sourceOf } from './rds/source.ts';
import { translateSdkError } from './sdk-errors.ts';
import type { Resolve } from './traffic/resolve.ts';
import { connectTraffic } from './traffic/traffic.ts';

/** Read replicas through clients of their own; `resolve` finds the addresses of hosts, by DNS when absent. */
export const connectRdsReplicas = (
  options: ClientOptions,
  resolve?: Resolve,
): CapacityTarget<RdsReplicasTarget> =>
  rdsReplicasTarget({
    client: new RDSClient(options),
    metrics: cloudWatchMetricSource(new CloudWatchClient(options)),
    traffic: connectTraffic(options, resolve),
  });

/**
 * Read replicas of RDS for MySQL, MariaDB and PostgreSQL. What has to be remembered of a replica is a tag on it, so every call
 * goes by what it sees.
 */
export function rdsReplicasTarget(parts: RdsParts): CapacityTarget<RdsReplicasTarget> {
  return {
    asks: 'each-look',
    describe: (targets, now) => describe(parts, targets, now),
    resize: (target, order) => resize(parts, target, order),
    rollBack: (target, order) => giveUp(parts, target, order),
  };
}

async function describe(
  parts: RdsParts,
  targets: readonly RdsReplicasTarget[],
  now: Instant,
): Promise<ReadonlyMap<TargetId, Observation>> {
  const distinct = [...new Map(targets.map((target) => [targetId(target), target])).values()];
  if (distinct.length === 0) return new Map();
  const instances = await listInstances(parts.client, `describe ${distinct.length} sources of read replicas`);
  const found = distinct.map((target) => ({ target, source: sourceOf(target, instances, now) }));
  const requests = found.flatMap(({ source }) => (typeof source === 'string' ? [] : requestsFor(source)));
  const readings = requests.length === 0 ? new Map() : await parts.metrics.read(requests, now);
  const observed = await Promise.all(
    found.map(async ({ target, source }): Promise<readonly [TargetId, Observation]> => {
      if (typeof source === 'string') return [targetId(target), { kind: 'missing', detail: source }];
      return [targetId(target), await observe(parts, target, source, readings, now)];
    }),
  );
  failWhenBlind(observed);
  return new Map(observed);
}

async function observe(
  parts: RdsParts,
  target: RdsReplicasTarget,
  source: Source,
  readings: Parameters<typeof lookAt>[3],
  now: Instant,
): Promise<Observation> {
  try {
    return observationOf(await lookAt(parts, target, source, readings, now));
  } catch (fault) {
    return {
      kind: 'unknown',
      error: translateSdkError(fault, `look at the endpoint of ${targetId(target)}`),
    };
  }
}

function failWhenBlind(observed: readonly (readonly [TargetId, Observation])[]): void {
  const errors = observed.flatMap(([, seen]) => (seen.kind === 'unknown' ? [seen.error] : []));
  const [first] = errors;
  if (first !== undefined && errors.length === observed.length) throw first;
}

/**
 * One step towards a size: who goes is taken out of the endpoint before it is marked, so that the time of the mark is never
 * before that of the last new connection; who was marked by an earlier call is deleted when it is empty or has had its time.
 */
async function resize(parts: RdsParts, target: RdsReplicasTarget, order: ResizeOrder): Promise<void> {
  const instances = await listInstances(parts.client, `resize ${targetId(target)} to ${order.size}`);
  const source = freshSource(target, instances, order);
  const requests = requestsFor(source);
  const readings = requests.length === 0 ? new Map() : await parts.metrics.read(requests, order.now);
  const look = await lookAt(parts, target, source, readings, order.now);
  const missing = order.keepsSize === true ? 0 : order.size - look.replicas.filter(stays).length;
  const staying = missing > 0 ? reprievable(look.replicas, missing) : [];
  const going = missing < 0 ? victimsOf(look.replicas, -missing) : [];
  await everyOne([
    async () => {
      for (const replica of staying) await reprieve(parts.client, replica);
      await keepUp(parts.traffic, upkeepOf(afterwards(look, staying, going)));
      for (const replica of going) await markLeaving(parts.client, replica, order.now);
    },
    () => deleteReplicas(parts.client, withoutAll(dueToGo(look), staying), look),
    () => grow(parts, look, order, missing - staying.length),
  ]);
  if (going.length < -missing) throw tooFewToGo(-missing, going.length);
}

/** Replicas that a failed resize asked for and that still do not serve go: whoever wants more asks for others. */
async function giveUp(
  { client }: RdsParts,
  target: RdsReplicasTarget,
  { resizeId, now }: ResizeOrder,
): Promise<string | null> {
  const instances = await listInstances(client, `give up a resize of ${targetId(target)}`);
  const source = sourceOf(target, instances, now);
  if (typeof source === 'string') return null;
  const stuck = source.replicas.filter(
    (replica) =>
      replica.phase === 'pending' && replica.resizeId === resizeId && stays(replica) && isOurs(replica),
  );
  for (const replica of stuck) await markLeaving(client, replica, now);
  const ids = stuck.map(({ id }) => id);
  return ids.length === 0 ? null : `Given up, and to be deleted as soon as RDS lets it: ${ids.join(', ')}.`;
}

/** Does all of it, in order; the first failure is thrown when the rest had its turn, so that none is starved by another. */
async function everyOne(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

const withoutAll = (replicas: readonly JudgedReplica[], others: readonly JudgedReplica[]) =>
  replicas.filter((replica) => !others.includes(replica));

/** The look as it will be when those that stay and those that go are marked so. */
const afterwards = (
  look: Look,
  staying: readonly JudgedReplica[],
  going: readonly JudgedReplica[],
): Look => ({
  ...look,
  replicas: look.replicas.map((replica) => {
    if (going.includes(replica)) return { ...replica, ready: false };
    return staying.includes(replica) ? { ...replica, ready: replica.fit } : replica;
  }),
});

/** Makes what is missing, as far as the service lets it. */
async function grow({ client }: RdsParts, look: Look, order: ResizeOrder, count: number): Promise<void> {
  if (count <= 0) return;
  const size = order.size - count;
  const limits = limitsOf(look.source).filter(
    (limit) => limit.direction === 'out' && limit.size < order.size,
  );
  const room = Math.min(count, ...limits.map((limit) => limit.size - size));
  if (room > 0) await createReplicas(client, look, order, room);
  const [limit] = limits;
  if (limit === undefined) return;
  const isBusy = limit.reason === 'resource-busy';
  const message = `could not create ${count - Math.max(0, room)} of ${count} replicas beyond ${size}: ${limit.detail}`;
  throw new ControllerError(isBusy ? 'unavailable' : 'rejected', message, { retryable: isBusy });
}

function freshSource(
  target: RdsReplicasTarget,
  instances: readonly DBInstance[],
  { now }: ResizeOrder,
): Source {
  const source = sourceOf(target, instances, now);
  if (typeof source !== 'string') return source;
  throw new ControllerError('target-missing', `could not resize ${targetId(target)}: ${source}`, {
    retryable: false,
  });
}
