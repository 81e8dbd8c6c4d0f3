import * as z from 'zod';
import { cronerCalendar } from '../../shared/adapters/calendar/croner-calendar.ts';
import { ALONE, type MetricReading, MISSING_REASONS, type Snapshot } from '../../shared/core/capacity.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { LIMIT_REASONS } from '../../shared/core/decision.ts';
import { servingUnits } from '../../shared/core/hpa/total-replicas.ts';
import type { TargetState } from '../../shared/core/ledger-entry.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { NO_SCHEDULE } from '../../shared/core/schedule.ts';
import type { Instant } from '../../shared/core/time.ts';
import { firstSight } from '../../shared/core/transitions.ts';
import { Account, count, Entry, time } from './evaluate-entry.ts';
import { policyOf } from './evaluate-policy.ts';
import { samplesReading, samplesSchema, Units } from './evaluate-units.ts';

const metric = z.union(
  [
    z.number(),
    z.null(),
    z.strictObject({
      value: z.number(),
      at: time.optional(),
      earlier: z.array(z.strictObject({ at: time, value: z.number() })).optional(),
    }),
    samplesSchema(time),
    z.strictObject({
      missing: z.enum(MISSING_REASONS),
      detail: z.string().default('as given'),
    }),
  ],
  'write a number without quotes, null, {value, at, earlier}, {samples, at} or {missing, detail}',
);

const limit = z.strictObject({
  direction: z.enum(['out', 'in']),
  size: count,
  reason: z.enum(LIMIT_REASONS),
  detail: z.string().default('As given.'),
});

const request = z.strictObject({
  id: z.union([z.string(), z.number()], 'write a text or a number'),
  now: time,
  policy: z.record(z.string(), z.unknown(), 'write a policy document, or a compiled policy'),
  snapshot: z.strictObject(
    {
      desired: count,
      running: count,
      ready: count.optional(),
      pending: count.optional(),
      deployment: z.enum(['none', 'in-progress']).default('none'),
      units: Units.nullish(),
      account: Account.optional(),
      limits: z.array(limit).optional(),
      floor: z.strictObject({ size: count, detail: z.string().default('as given') }).optional(),
      unfinished: z.string().min(1).optional(),
    },
    {
      error: (issue) =>
        issue.code === 'invalid_type' ? 'write an object with desired and running' : undefined,
    },
  ),
  metrics: z.record(z.string(), metric).default({}),
  entry: Entry.nullish(),
});

const calendar = cronerCalendar();

/** A question about one decision, with everything that the core takes. */
export interface EvaluateRequest {
  readonly id: string | number;
  readonly now: Instant;
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  readonly state: TargetState;
}

/**
 * Reads one line of `plimsoll evaluate`.
 * @throws ControllerError `invalid` with the path of every field that is wrong, or the problems of the policy.
 */
export function parseEvaluateRequest(value: unknown): EvaluateRequest {
  const read = request.safeParse(value);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.') || 'line'}: ${message}`);
    throw new ControllerError('invalid', problems.join('; '), { retryable: false });
  }
  const { id, now, snapshot, metrics } = read.data;
  const policy = policyOf(read.data.policy);
  const { desired, running, deployment } = snapshot;
  const units = snapshot.units ?? null;
  const serving = units === null ? running : servingUnits(units);
  const { ready = serving, pending = Math.max(0, desired - running) } = snapshot;
  const readings = Object.fromEntries(
    Object.entries(metrics).map(([key, given]) => [key, readingOf(given, now)]),
  );
  const known = Object.fromEntries(
    Object.entries(read.data.entry ?? {}).filter(([, part]) => part !== undefined),
  );
  return {
    id,
    now,
    policy,
    snapshot: {
      capacity: { desired, running, ready, pending },
      deployment,
      metrics: readings,
      units,
      schedule: policy.schedule === null ? NO_SCHEDULE : calendar.at(policy.schedule, now),
      account: snapshot.account ?? ALONE,
      ...(snapshot.limits === undefined ? {} : { limits: snapshot.limits }),
      ...(snapshot.floor === undefined ? {} : { floor: snapshot.floor }),
      ...(snapshot.unfinished === undefined ? {} : { unfinished: snapshot.unfinished }),
    },
    state: { ...firstSight(policy, desired, now), ...known },
  };
}

function readingOf(given: z.output<typeof metric>, now: Instant): MetricReading {
  if (given === null) return { kind: 'missing', reason: 'no-data', detail: 'none given' };
  if (typeof given === 'number') return { kind: 'value', value: given, at: now };
  if ('missing' in given) return { kind: 'missing', reason: given.missing, detail: given.detail };
  if ('samples' in given) return samplesReading(given, now);
  const { value, at = now, earlier } = given;
  const history =
    earlier === undefined ? {} : { earlier: [...earlier].sort((one, other) => other.at - one.at) };
  return { kind: 'value', value, at, ...history };
}
