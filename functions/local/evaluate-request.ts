import * as z from 'zod';
import { cronerCalendar } from '../../shared/adapters/calendar/croner-calendar.ts';
import { deserializePolicies } from '../../shared/config/compiled-policies.ts';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { policyRefusal } from '../../shared/config/problem.ts';
import { ALONE, type MetricReading, type MissingReason, type Snapshot } from '../../shared/core/capacity.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { servingUnits } from '../../shared/core/hpa/total-replicas.ts';
import type { TargetState } from '../../shared/core/ledger-entry.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { NO_SCHEDULE } from '../../shared/core/schedule.ts';
import type { Instant } from '../../shared/core/time.ts';
import { firstSight } from '../../shared/core/transitions.ts';
import { Account, Count, Memory, Time } from './evaluate-memory.ts';
import { samplesReading, samplesSchema, Units } from './evaluate-units.ts';

const datapoint = z.strictObject({ at: Time, value: z.number() });

const MISSING: Readonly<Record<MissingReason, true>> = {
  'no-data': true,
  stale: true,
  'not-a-number': true,
  negative: true,
  future: true,
  'partial-data': true,
  'read-failed': true,
  'no-units-ready': true,
};

const metric = z.union(
  [
    z.number(),
    z.null(),
    z.strictObject({ value: z.number(), at: Time.optional(), earlier: z.array(datapoint).optional() }),
    samplesSchema(Time),
    z.strictObject({
      missing: z.enum(Object.keys(MISSING) as MissingReason[]),
      detail: z.string().default('as given'),
    }),
  ],
  'write a number without quotes, null, {value, at, earlier}, {samples, at} or {missing, detail}',
);

const request = z.strictObject({
  id: z.union([z.string(), z.number()], 'write a text or a number'),
  now: Time,
  policy: z.record(z.string(), z.unknown(), 'write a policy document, or a compiled policy'),
  snapshot: z.strictObject(
    {
      desired: Count,
      running: Count,
      ready: Count.optional(),
      pending: Count.optional(),
      deployment: z.enum(['none', 'in-progress']).default('none'),
      units: Units.nullish(),
    },
    {
      error: (issue) =>
        issue.code === 'invalid_type' ? 'write an object with desired and running' : undefined,
    },
  ),
  metrics: z.record(z.string(), metric).default({}),
  entry: Memory.nullish(),
  account: Account.nullish(),
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
  const { id, now, snapshot, metrics, account } = read.data;
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
      account: account ?? ALONE,
    },
    state: { ...firstSight(policy, desired, now), ...known },
  };
}

/** A document as a user writes it, or a policy as the build compiles it. */
function policyOf(given: Readonly<Record<string, unknown>>): Policy {
  if (!('apiVersion' in given)) {
    const [compiled] = deserializePolicies(JSON.stringify([given]));
    if (compiled !== undefined) return compiled;
  }
  const { policies, problems } = parsePolicySet([{ path: 'policy', text: JSON.stringify(given) }]);
  const [policy] = policies;
  if (problems.length > 0 || policy === undefined) throw policyRefusal(problems);
  return policy;
}

function readingOf(given: z.output<typeof metric>, now: Instant): MetricReading {
  if (given === null) return { kind: 'missing', reason: 'no-data', detail: 'none given' };
  if (typeof given === 'number') return { kind: 'value', value: given, at: now };
  if ('missing' in given) return { kind: 'missing', reason: given.missing, detail: given.detail };
  if ('samples' in given) return samplesReading(given, now);
  const { value, at = now, earlier } = given;
  if (earlier === undefined) return { kind: 'value', value, at };
  return { kind: 'value', value, at, earlier: earlier.toSorted((one, other) => other.at - one.at) };
}
