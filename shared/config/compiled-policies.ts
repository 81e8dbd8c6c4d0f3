import * as z from 'zod/mini';
import { ControllerError } from '../core/controller-error.ts';
import type { Policy } from '../core/policy.ts';

/**
 * The compiled set of policies as it travels in a bundle: plain JSON, checked when read.
 * In zod/mini, because functions load this file and the document schemas stay at home.
 */

const Count = z.int().check(z.gte(0));
const Positive = z.int().check(z.gte(1));
const Text = z.string().check(z.minLength(1));

const Stat = {
  namespace: Text,
  name: Text,
  dimensions: z.record(z.string(), z.string()),
  stat: Text,
};

const Query = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stat'), ...Stat }),
  z.strictObject({
    kind: z.literal('expression'),
    expression: Text,
    metrics: z.record(z.string(), z.strictObject(Stat)),
  }),
]);

const Metric = z.strictObject({
  id: Text,
  label: Text,
  unit: z.string(),
  query: Query,
  periodSeconds: Positive,
  staleAfterSeconds: Positive,
  whenMissing: z.enum(['missing', 'zero']),
  historySeconds: Count,
});

const Sensitivity = z.strictObject({ datapoints: Positive, of: Positive });

const Fraction = z.number().check(z.gte(0));

const Strategy = z.strictObject({
  kind: z.literal('target-tracking'),
  metric: Metric,
  target: z.number().check(z.gt(0)),
  scope: z.enum(['average', 'total']),
  activation: Fraction,
  tolerance: z.strictObject({ out: Fraction, in: Fraction }),
  alarms: z.strictObject({ out: Sensitivity, in: z.nullable(Sensitivity) }),
});

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

const CompiledPolicy = z.strictObject({
  name: Text,
  target: z.strictObject({ kind: z.literal('ecs-service'), cluster: Text, service: Text }),
  bounds: z
    .strictObject({ min: Count, max: Positive })
    .check(z.refine(({ min, max }) => min <= max, 'min is more than max')),
  strategies: z.array(Strategy).check(z.minLength(1)),
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
  schedule: z.null(),
  coreSize: z.null(),
  incident: z.null(),
  unitResources: z.null(),
  guardrails: z.strictObject({ changeBudget: z.null(), quota: z.null() }),
  atZero: z.enum(['resume', 'kubernetes']),
  receiptsOfHolds: Fraction,
});

/** The policies as JSON text: what synth puts into the bundle of a function. */
export const serializePolicies = (policies: readonly Policy[]): string => JSON.stringify(policies);

/**
 * The policies of a JSON text that {@link serializePolicies} made.
 * @throws ControllerError `invalid` when the text is not such a set: the bundle and the code are of different versions.
 */
export function deserializePolicies(text: string): readonly Policy[] {
  const parsed = z.array(CompiledPolicy).safeParse(jsonOf(text));
  if (parsed.success) return parsed.data satisfies readonly Policy[];
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
