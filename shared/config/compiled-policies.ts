import * as z from 'zod/mini';
import type { Application } from '../core/application.ts';
import { ControllerError } from '../core/controller-error.ts';
import type { Policy } from '../core/policy.ts';
import type { WarmPlan } from '../core/warm-plan.ts';
import { CompiledApplication } from './compiled-application.ts';
import { Above, Count, Fraction, Metric, Moment, Positive, Strategy, Text } from './compiled-strategies.ts';
import { CompiledTarget } from './compiled-target.ts';

/**
 * The compiled set of policies as it travels in a bundle: plain JSON, checked when read.
 * In zod/mini, because functions load this file and the document schemas stay at home.
 */

const Rules = z.strictObject({
  stabilizationWindowSeconds: Count,
  policies: z.array(
    z.strictObject({ type: z.enum(['Pods', 'Percent']), value: Positive, periodSeconds: Positive }),
  ),
  selectPolicy: z.enum(['Max', 'Min', 'Disabled']),
});

const Behavior = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('implicit'), downscaleStabilizationSeconds: Count }),
  z.strictObject({ kind: z.literal('rules'), scaleUp: Rules, scaleDown: Rules }),
]);

const Size = z.nullable(Count);

const Schedule = z.strictObject({
  windows: z.array(
    z.strictObject({
      name: Text,
      timeZone: Text,
      times: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('recurring'), start: Text, end: Text }),
        z.strictObject({ kind: z.literal('once'), from: Moment, to: Moment }),
      ]),
      onHolidays: z.enum(['as-usual', 'skip', 'only']),
      min: Size,
      max: Size,
      desired: Size,
      freeze: z.enum(['none', 'out', 'in', 'both']),
      maintenance: z.boolean(),
    }),
  ),
  holidays: z.array(Text),
  overlap: z.enum(['highest', 'latest']),
});

const Incident = z.strictObject({
  load: Metric,
  errors: Metric,
  drop: Above,
  errorsAbove: Fraction,
  holdSeconds: Positive,
  longestHoldSeconds: Positive,
  rampPercent: Above,
  rampSeconds: Count,
});

const Limits = z.strictObject({
  changeBudget: z.nullable(z.strictObject({ units: Positive, seconds: Positive })),
  quota: z.nullable(z.strictObject({ cpu: z.nullable(Above), memoryMiB: z.nullable(Above) })),
});

const CompiledPolicy = z.strictObject({
  name: Text,
  target: CompiledTarget,
  bounds: z
    .strictObject({ min: Count, max: Positive })
    .check(z.refine(({ min, max }) => min <= max, 'min is more than max')),
  strategies: z.array(Strategy),
  behavior: Behavior,
  cooldownSeconds: z.strictObject({ out: Count, in: Count }),
  fallback: z.nullable(
    z.strictObject({
      mode: z.enum(['static', 'current', 'higher', 'lower']),
      size: Count,
      afterMisses: Positive,
      recoverAfter: Positive,
    }),
  ),
  evaluation: z.enum(['whenAwake', 'everyMinute']),
  paused: z.strictObject({ out: z.boolean(), in: z.boolean() }),
  resizeTimeoutSeconds: Positive,
  wakeOnAlarms: z.array(Text),
  schedule: z.nullable(Schedule),
  coreSize: Size,
  incident: z.nullable(Incident),
  unitResources: z.nullable(z.strictObject({ cpu: Above, memoryMiB: Above })),
  guardrails: Limits,
  atZero: z.enum(['resume', 'kubernetes']),
  receiptsOfHolds: z.number().check(z.gte(0), z.lte(1)),
});

/** Everything of a set of policies that a function needs to know. */
export interface PolicyBundle {
  readonly policies: readonly Policy[];
  readonly applications: readonly Application[];
  /** Absent = none. */
  readonly warmPlans?: readonly WarmPlan[] | undefined;
}

const Bundle = z.strictObject({
  policies: z.array(CompiledPolicy),
  applications: z.array(CompiledApplication),
  // Read by the few functions that need them: see deserializeWarmPlans.
  warmPlans: z.optional(z.array(z.unknown())),
});

/** A set as JSON text: what synth puts into the bundle of a function. */
export const serializePolicies = ({ policies, applications, warmPlans = [] }: PolicyBundle): string =>
  JSON.stringify({ policies, applications, warmPlans });

/**
 * The set of a JSON text that {@link serializePolicies} made.
 * @throws ControllerError `invalid` when the text is not such a set: the bundle and the code are of different versions.
 */
export function deserializePolicies(text: string): Omit<PolicyBundle, 'warmPlans'> {
  const parsed = Bundle.safeParse(jsonOf(text));
  if (parsed.success) {
    const { policies, applications } = parsed.data;
    return { policies, applications };
  }
  const [first] = parsed.error.issues;
  throw refusal(`${first?.path.join('.') ?? ''}: ${first?.message ?? 'unknown problem'}`, parsed.error);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refusal('not JSON', cause);
  }
}

const refusal = (detail: string, cause: unknown): ControllerError =>
  new ControllerError(
    'invalid',
    `The compiled policies do not fit this version: ${detail} (synthesize and deploy again).`,
    { retryable: false, cause },
  );
