import * as z from 'zod/mini';
import { controllerEvent } from './controller-events.ts';
import { wireOverride } from './override.ts';

const text = z.string('must be a string');

/** What the target was told at once: a sentence, and the sizes of the resize that began. */
const effect = {
  effect: text,
  resize: z.nullable(z.object({ from: z.int(), to: z.int() })),
} as const;

/** The data of the answer to an override that was set. */
export const overrideSet = z.object({ override: wireOverride, event: controllerEvent, ...effect });

const cleared = { overrides: z.array(wireOverride), events: z.array(controllerEvent), ...effect } as const;

const failure = {
  target: text,
  policy: text,
  outcome: z.literal('failed'),
  code: text,
  detail: text,
} as const;

/** What became of a request to clear everything, at the account or at one target. */
const clearOutcome = z.discriminatedUnion('outcome', [
  z.object({ target: text, policy: text, outcome: z.literal('done'), ...cleared }),
  z.object(failure),
]);

/** The data of the answer to overrides that were cleared; the counts and outcomes are there when it was for all. */
export const overridesCleared = z.object({
  ...cleared,
  complete: z.optional(z.boolean()),
  applied: z.optional(z.int()),
  failed: z.optional(z.int()),
  outcomes: z.optional(z.array(clearOutcome)),
});

/** The data of the answer to overrides that were cleared. */
export type OverridesClearedOnWire = Readonly<z.output<typeof overridesCleared>>;

/** The data of the list of overrides. */
export const overrideList = z.object({ overrides: z.array(wireOverride) });

/** What became of an emergency action at one target. */
const emergencyOutcome = z.discriminatedUnion('outcome', [
  z.object({
    target: text,
    policy: text,
    outcome: z.literal('done'),
    /** The size before, and the size that the override asks for. */
    from: z.int(),
    to: z.int(),
    detail: text,
    override: wireOverride,
    /** What contradicted it, and made way. */
    cleared: z.array(wireOverride),
    event: controllerEvent,
    ...effect,
  }),
  z.object(failure),
]);

/** The data of the answer to an emergency action that reached somebody; `complete` is false when it missed others. */
export const emergencyReport = z.object({
  action: z.enum(['boost', 'circuit-breaker']),
  complete: z.boolean(),
  applied: z.int(),
  failed: z.int(),
  outcomes: z.array(emergencyOutcome),
});

/** The data of the answer to an emergency action that reached somebody. */
export type EmergencyReportOnWire = Readonly<z.output<typeof emergencyReport>>;
