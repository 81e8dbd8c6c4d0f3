import * as z from 'zod';
import type { MetricReading, UnitState } from '../../shared/core/capacity.ts';
import type { Instant } from '../../shared/core/time.ts';

const seconds = z.number('write seconds').nonnegative('write zero or more');
const A_DAY = 86_400;

const unit = z.strictObject({
  id: z.string().min(1),
  phase: z.enum(['pending', 'running', 'succeeded', 'failed']).default('running'),
  ready: z.boolean().nullable().default(true),
  deleting: z.boolean().default(false),
  startedSecondsAgo: seconds.nullable().default(A_DAY),
  readyChangedSecondsAgo: seconds.nullable().optional(),
  requests: z.record(z.string(), z.number().nonnegative().nullable()).default({}),
  sampleAgeSeconds: seconds.default(0),
  sampleWindowSeconds: seconds.default(60),
});

/** Units one by one. A unit that says no more than its id runs and serves since yesterday. */
export const Units = z.array(
  unit.transform(
    (given): UnitState => ({
      ...given,
      readyChangedSecondsAgo: given.readyChangedSecondsAgo ?? given.startedSecondsAgo,
    }),
  ),
);

/** Values of a metric unit by unit; `unit: null` is a series of no unit. */
export const samplesSchema = (time: z.ZodType<Instant>) =>
  z.strictObject({
    samples: z.array(z.strictObject({ unit: z.string().nullable(), value: z.number() })),
    at: time.optional(),
  });

/** The values as a reading. */
export const samplesReading = (
  { samples, at }: z.output<ReturnType<typeof samplesSchema>>,
  now: Instant,
): MetricReading => ({ kind: 'samples', samples, at: at ?? now });
