import * as z from 'zod';
import { mapping } from '../../../shared/config/schema/mapping.ts';
import { EVENT_TYPES } from '../../../shared/core/controller-event.ts';
import { Moment, PolicyName, size } from './happening-schema.ts';

/** What a measure may be: a number, or another measure at the same second. */
const Bound = z.union([z.number(), z.string().min(1)]);

const bounds = { atLeast: Bound.optional(), atMost: Bound.optional(), equals: Bound.optional() };
const within = { from: Moment.optional(), until: Moment.optional() };
const fixed = {
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  equals: z.number().optional(),
};
const EventType = z.enum(EVENT_TYPES);

const eventPattern = {
  event: EventType,
  policy: z.string().min(1).optional(),
  from: size.optional(),
  to: size.optional(),
  says: z.string().min(1).optional(),
};

/** What must be true of the run. */
export const Expectation = z.discriminatedUnion('kind', [
  mapping({ kind: z.literal('always'), measure: z.string().min(1), ...bounds, ...within }),
  mapping({ kind: z.literal('never'), measure: z.string().min(1), ...bounds, ...within }),
  mapping({
    kind: z.literal('by'),
    at: Moment,
    measure: z.string().min(1),
    ...bounds,
    from: Moment.optional(),
  }),
  mapping({ kind: z.literal('at-end'), measure: z.string().min(1), ...bounds }),
  mapping({
    kind: z.literal('figure'),
    measure: z.string().min(1),
    of: z.enum(['min', 'max', 'mean', 'total']),
    ...fixed,
    ...within,
  }),
  mapping({ kind: z.literal('in-order'), events: z.array(mapping(eventPattern)).min(1).max(50) }),
  mapping({ kind: z.literal('event'), ...eventPattern, ...fixed }),
  mapping({
    kind: z.literal('decision'),
    policy: PolicyName,
    hold: z.string().min(1).optional(),
    resizeTo: size.optional(),
    says: z.string().min(1).optional(),
    ...fixed,
    ...within,
  }),
  mapping({
    kind: z.literal('calls'),
    operation: z.string().min(1),
    outcome: z.string().min(1).optional(),
    ...fixed,
  }),
]);

/** An expectation as read. */
export type Expectation = z.infer<typeof Expectation>;
