import * as z from 'zod/mini';

/** Every type of scaling event, as `detail-type` in EventBridge. */
const TYPES = [
  'ScalingStarted',
  'ScalingCompleted',
  'ScalingFailed',
  'ScalingSuperseded',
  'ScalingHeld',
  'OverrideSet',
  'OverrideExpired',
  'OverrideCleared',
  'TargetDrifted',
  'TargetMissing',
  'PromotionStarted',
  'ReplicaPromoted',
  'PromotionFailed',
  'WarmRequested',
  'WarmStarted',
  'WarmCompleted',
  'WarmFailed',
  'PlanStarted',
  'PlanCompleted',
  'PlanStopped',
  'PlanResumed',
] as const;

const CAUSES = ['policy', 'bounds', 'schedule', 'override', 'fallback', 'plan', 'manual', 'pin'] as const;

const text = z.string('must be a string').check(z.minLength(1, 'must not be empty'));
const textOrNull = z.nullable(text);
const cause = z.nullable(z.enum(CAUSES, `must be null or one of ${CAUSES.join(', ')}`));
const size = z.nullable(z.int('must be null or a whole number'));

/** A scaling event on the wire: the detail of an EventBridge event, and an entry of the API's list. */
export const controllerEvent = z.object(
  {
    /** Unique, and the same when the event is delivered again. */
    id: text,
    type: z.enum(TYPES, `must be one of ${TYPES.join(', ')}`),
    /** When it happened: ISO 8601, UTC. */
    timestamp: z.iso.datetime({ error: 'must be an ISO 8601 time in UTC' }),
    target: text,
    policy: text,
    resizeId: textOrNull,
    decisionId: textOrNull,
    signalId: textOrNull,
    cause,
    from: size,
    to: size,
    reason: z.string('must be a string'),
    owner: textOrNull,
    /** The one unit that it is about: a replica to be warmed up. */
    unit: z.optional(text),
    /** What made it necessary: the cause again, under the name that dashboards look for. */
    trigger: cause,
    /** False for events that somebody should look at. */
    success: z.boolean('must be true or false'),
  },
  'must be a JSON object',
);

/** A scaling event on the wire. */
export type WireEvent = Readonly<z.output<typeof controllerEvent>>;

/** What of an event goes out as it is. */
type Untouched = Omit<WireEvent, 'timestamp' | 'trigger' | 'success'>;

/** Types of events that somebody should look at. */
const ALARMING: readonly (typeof TYPES)[number][] = [
  'ScalingFailed',
  'TargetMissing',
  'PromotionFailed',
  'WarmFailed',
  'PlanStopped',
];

/** Writes an event for the wire. `at` is in milliseconds since the epoch. */
export function toWire({ at, ...event }: Untouched & { readonly at: number }): WireEvent {
  const success = !ALARMING.includes(event.type);
  return { ...event, timestamp: new Date(at).toISOString(), trigger: event.cause, success };
}
