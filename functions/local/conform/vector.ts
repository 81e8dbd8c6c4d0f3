import * as z from 'zod';

/** What a vector says of itself; the rest depends on its kind. */
const vector = z.looseObject({
  id: z.string(),
  kind: z.string(),
  profile: z.string().default('all'),
  expect: z.record(z.string(), z.unknown()).optional(),
});

/** One vector as it stands in its file. */
export type Vector = z.infer<typeof vector>;

/** A file of vectors, in the format `hpa-conformance/1`. */
export const VectorFile = z.looseObject({
  format: z.literal('hpa-conformance/1').optional(),
  vectors: z.array(vector),
});

/** What the shipped core answers to a vector, by the keys of `expect`. */
export type Actual = Readonly<Record<string, unknown>>;

/** A whole number; beyond 2^53 it is written as a decimal string. */
export const Whole = z
  .union([z.int(), z.string().regex(/^-?\d+$/)], 'write a whole number, or its digits in quotes')
  .transform((given) => BigInt(given));

/** A whole number as JSON carries it: beyond 2^53 as a decimal string. */
export const wholeJson = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : String(value);

const count = z.int().nonnegative();
const age = z.number();

const RatePolicies = z.array(
  z.object({ type: z.enum(['Pods', 'Percent']), value: z.int(), periodSeconds: z.int() }),
);

/** The rules of one direction; null and absent fields take defaults. */
export const GivenRules = z
  .object({
    stabilizationWindowSeconds: z.int().nullish(),
    policies: RatePolicies.nullish(),
    selectPolicy: z.enum(['Max', 'Min', 'Disabled']).nullish(),
    tolerance: z.union([z.number(), z.string()]).nullish(),
  })
  .transform(({ stabilizationWindowSeconds, policies, selectPolicy, tolerance }) => ({
    stabilizationWindowSeconds: stabilizationWindowSeconds ?? undefined,
    policies: policies ?? undefined,
    selectPolicy: selectPolicy ?? undefined,
    tolerance: tolerance ?? undefined,
  }));

const absent = <T>(value: T | null | undefined): T | undefined => value ?? undefined;

/** The part of a manifest's spec that paces it. `behavior: null` = no block. */
export const PacedSpec = z.object({
  minReplicas: count.nullish().transform((min) => min ?? 1),
  maxReplicas: count,
  behavior: z
    .object({
      scaleUp: GivenRules.nullish().transform(absent),
      scaleDown: GivenRules.nullish().transform(absent),
    })
    .nullish()
    .transform((behavior) => behavior ?? null),
});

const Changes = z
  .array(z.object({ ageSeconds: age, change: count }))
  .nullish()
  .transform((events) => events ?? []);

/** What is remembered of earlier cycles; ages are seconds before now. */
export const Histories = z.object({
  recommendations: z
    .array(z.object({ ageSeconds: age, replicas: count }))
    .nullish()
    .transform((list) => list ?? null),
  scaleUpEvents: Changes,
  scaleDownEvents: Changes,
});

/** What the controller was started with. */
export const ControllerDefaults = z
  .object({ scaleDownStabilizationSeconds: z.int().default(300), tolerance: z.number().default(0.1) })
  .prefault({});

/** A log of changes of one direction. */
export const ChangeLog = Changes;

/** One pod as a vector describes it. */
export const Pod = z.object({
  ready: z.boolean().nullish(),
  phase: z.string().default('Running'),
  deleting: z.boolean().default(false),
  startedSecondsAgo: age.nullish(),
  readyTransitionSecondsAgo: age.nullish(),
  sampleAgeSeconds: age.nullish(),
  sampleWindowSeconds: age.nullish(),
});

/** One pod as a vector describes it. */
export type Pod = z.infer<typeof Pod>;
