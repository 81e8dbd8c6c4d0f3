import * as z from 'zod/mini';

const text = z.string('must be a string');
const size = z.nullable(z.int());

const tier = z.object({
  tier: text,
  policy: text,
  state: z.enum(['idle', 'waiting', 'running', 'failed']),
  /** Where it is, and where it goes or wants to go; null = unknown. */
  from: size,
  to: size,
  ready: size,
  /** What it does or waits for; empty for an idle one. */
  why: text,
  /** How far it may go now, and the sentences of what binds. */
  limits: z.array(z.object({ direction: z.enum(['out', 'in']), size: z.int(), reason: text, detail: text })),
});

const plan = z.object({
  application: text,
  status: z.enum(['running', 'done', 'stopped']),
  why: text,
  tiers: z.array(tier),
});

/** The data of the list of plans. */
export const planList = z.object({ plans: z.array(plan) });

/** The data of the list of plans. */
export type PlanListOnWire = Readonly<z.output<typeof planList>>;
