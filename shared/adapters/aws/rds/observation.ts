import type { UnitState } from '../../../core/capacity.ts';
import { type Instant, secondsBetween } from '../../../core/time.ts';
import type { PresentResource } from '../../../ports/capacity-target.ts';
import { inWords, upkeepOf } from './endpoint.ts';
import { limitsOf } from './limits.ts';
import type { JudgedReplica, Look } from './look.ts';
import { isOurs, stays } from './replica.ts';

/**
 * What a look says about the size. Replicas on their way out count no more: what is left to do with them is unfinished, and a
 * load that comes back reprieves them instead of waiting for them to go.
 */
export function observationOf(look: Look): PresentResource {
  const { replicas, now } = look;
  const staying = replicas.filter(stays);
  const unfinished = [...replicas.flatMap(leftBehind), ...said(inWords(upkeepOf(look)))];
  return {
    kind: 'present',
    capacity: {
      desired: staying.length,
      running: staying.filter(({ phase }) => phase === 'serving').length,
      ready: replicas.filter(({ ready }) => ready).length,
      pending: staying.filter(({ phase }) => phase === 'pending').length,
    },
    deployment: 'none',
    units: replicas.map((replica) => unitOf(replica, now)),
    limits: limitsOf(look.source),
    unfinished: unfinished.length === 0 ? null : unfinished.join('; '),
    awaitingWarmUp: replicas.filter(({ awaitsWarmUp }) => awaitsWarmUp).map(({ id }) => id),
  };
}

const said = (sentence: string | null): readonly string[] => (sentence === null ? [] : [sentence]);

function leftBehind(replica: JudgedReplica): readonly string[] {
  const { id, phase, leavingSince, status, connections } = replica;
  if (phase === 'deleting') return [`the replica ${id} is being deleted`];
  if (phase === 'failed' && isOurs(replica)) return [`the replica ${id} is ${status} and has to be deleted`];
  if (leavingSince === null) return [];
  const clients = connections === null ? 'an unknown number of' : connections;
  return [
    `the replica ${id} is on its way out since ${new Date(leavingSince).toISOString()} with ${clients} connections`,
  ];
}

const PHASES = { pending: 'pending', serving: 'running', failed: 'failed', deleting: 'running' } as const;

function unitOf({ id, phase, ready, leavingSince, createdAt }: JudgedReplica, now: Instant): UnitState {
  return {
    id,
    phase: PHASES[phase],
    ready,
    deleting: leavingSince !== null || phase === 'deleting',
    startedSecondsAgo: createdAt === null ? null : secondsBetween(createdAt, now),
    readyChangedSecondsAgo: null,
    requests: {},
    sampleAgeSeconds: 0,
    sampleWindowSeconds: 60,
  };
}
