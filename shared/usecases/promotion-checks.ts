import type { Resize } from '../core/ledger-entry.ts';
import { plainNumber } from '../core/plain-number.ts';
import { timeOfDay } from '../core/time.ts';
import type { FailoverView, PromotableTarget, ReplicaView } from '../ports/failover.ts';

/** What is looked at before a replica is promoted. */
export type PromotionCheckName = 'source' | 'replica' | 'choice' | 'engine' | 'lag' | 'in-flight';

/** One thing that was looked at. */
export interface PromotionCheck {
  readonly name: PromotionCheckName;
  readonly ok: boolean;
  /** Whether force may pass it when it is not. */
  readonly forcible: boolean;
  /** What was found, in a sentence. */
  readonly detail: string;
}

/** What the checks look at. */
export interface PromotionCase {
  readonly target: PromotableTarget;
  readonly view: FailoverView;
  readonly replica: ReplicaView;
  /** Whether the request names the replica. */
  readonly named: boolean;
  readonly resize: Resize | null;
}

/** PromoteReadReplica is for these ("doesn't apply to Aurora MySQL, Aurora PostgreSQL, or RDS Custom"), FailoverDBCluster for Aurora. */
const ENGINES: Readonly<Record<PromotableTarget['kind'], RegExp>> = {
  'rds-replicas': /^(mysql|mariadb|postgres)$/,
  'aurora-readers': /^aurora(-mysql|-postgresql)?$/,
};

/** Looks at everything at once, so that whoever asks sees all that is in the way. */
export const promotionChecks = (of: PromotionCase): readonly PromotionCheck[] => [
  sourceCheck(of),
  replicaCheck(of),
  choiceCheck(of),
  engineCheck(of),
  lagCheck(of),
  flightCheck(of),
];

function sourceCheck({ view: { source } }: PromotionCase): PromotionCheck {
  const check = { name: 'source', forcible: true } as const;
  if (source === null) return { ...check, ok: true, detail: 'There is no single writer now.' };
  const { id, status, healthy } = source;
  const detail = healthy
    ? `${id} is ${status}: it takes writes, and nothing has to take its place.`
    : `${id} is ${status}.`;
  return { ...check, ok: !healthy, detail };
}

function replicaCheck({ replica: { id, status, available, leaving } }: PromotionCase): PromotionCheck {
  const check = { name: 'replica', forcible: false } as const;
  if (leaving) {
    return {
      ...check,
      ok: false,
      detail: `${id} is on its way out: name another, or scale out, which keeps it.`,
    };
  }
  return { ...check, ok: available, detail: `${id} is ${status}.` };
}

function choiceCheck({ replica: { id, managed }, named }: PromotionCase): PromotionCheck {
  const check = { name: 'choice', forcible: false } as const;
  if (named) return { ...check, ok: true, detail: `${id} was named.` };
  return managed
    ? { ...check, ok: true, detail: `${id} was created by Plimsoll.` }
    : { ...check, ok: false, detail: `${id} was not created by Plimsoll: name it if it is meant.` };
}

function engineCheck({ target: { kind }, view: { source }, replica }: PromotionCase): PromotionCheck {
  const check = { name: 'engine', forcible: false } as const;
  const { id, engine } = replica;
  if (!ENGINES[kind].test(engine)) {
    return {
      ...check,
      ok: false,
      detail: `${id} runs ${engine || 'an unknown engine'}, which cannot be promoted.`,
    };
  }
  const differs = source !== null && source.engine !== engine;
  return differs
    ? { ...check, ok: false, detail: `${id} runs ${engine}, and ${source.id} ${source.engine}.` }
    : { ...check, ok: true, detail: `${id} runs ${engine}.` };
}

function lagCheck({
  target,
  view: { losesLag },
  replica: { id, lagSeconds },
}: PromotionCase): PromotionCheck {
  const check = { name: 'lag', forcible: true } as const;
  const known = lagSeconds === null ? 'unknown' : `${plainNumber(lagSeconds)} s`;
  if (!losesLag || target.kind !== 'rds-replicas') {
    const detail = `The lag of ${id} is ${known}; the readers of a cluster share its storage, so that no write is lost.`;
    return { ...check, ok: true, detail };
  }
  const limit = target.maxLagSeconds;
  if (lagSeconds === null) {
    const detail = `The lag of ${id} is unknown: how many writes would be lost cannot be said.`;
    return { ...check, ok: false, detail };
  }
  return lagSeconds <= limit
    ? { ...check, ok: true, detail: `The lag of ${id} is ${known}, within the limit of ${limit} s.` }
    : {
        ...check,
        ok: false,
        detail: `The lag of ${id} is ${known}, above the limit of ${limit} s: so much would be lost.`,
      };
}

function flightCheck({ view: { busy }, resize }: PromotionCase): PromotionCheck {
  const check = { name: 'in-flight', forcible: false } as const;
  if (busy !== null) return { ...check, ok: false, detail: busy };
  if (resize === null) return { ...check, ok: true, detail: 'No resize is under way.' };
  const { from, to, startedAt } = resize;
  const detail = `The resize from ${from} to ${to} of ${timeOfDay(startedAt)} has not settled yet.`;
  return { ...check, ok: false, detail };
}

/** Of replicas that nobody named: those that pass on their own come first, then ours, then those that are least behind. */
export const bestFirst = (one: ReplicaView, other: ReplicaView): number =>
  rank(one) - rank(other) || lagOf(one) - lagOf(other) || one.id.localeCompare(other.id);

const rank = ({ available, leaving, managed }: ReplicaView): number =>
  (available && !leaving ? 0 : 2) + (managed ? 0 : 1);

const lagOf = ({ lagSeconds }: ReplicaView): number => lagSeconds ?? Number.MAX_VALUE;
