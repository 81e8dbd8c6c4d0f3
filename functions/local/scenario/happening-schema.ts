import * as z from 'zod';
import { Duration, secondsOf } from '../../../shared/config/schema/duration.ts';
import { mapping, text } from '../../../shared/config/schema/mapping.ts';

/** A moment of the run, from its start: `0s`, `12m`, `1h`. */
export const Moment = text(
  /^\d{1,7}[smhd]$/,
  'a time from the start',
  'a whole number and s, m, h or d, such as 0s, 90s or 12m',
);

/** The seconds of a moment or a duration. */
export const seconds = (given: string): number => secondsOf(given);

/** The name of a policy of the scenario. */
export const PolicyName = z.string().min(1).max(253);

/** Something that happens at a moment, for certain or by chance. */
const happening = {
  at: Moment.optional(),
  /** Up to so much later, drawn from the seed. */
  spread: Duration.optional(),
  chance: z.number().gt(0).max(1).optional(),
};

/** How long a fault lasts: one of the two, or until the end of the run. */
const lasting = { for: Duration.optional(), until: Moment.optional() };

/** A size of a target. */
export const size = z.int().min(0).max(10_000);
const reason = z.string().min(1).max(500).optional();

/** The identifier of a replication group. */
export const Group = z.string().min(1).max(40);
/** The identifier of a database instance or a cluster. */
export const Instance = z.string().min(1).max(63);
const count = z.int().min(1).max(1000).optional();

/** What an operator, a pipeline or a colleague does during the run. */
export const Action = z.discriminatedUnion('kind', [
  mapping({
    kind: z.literal('scale'),
    ...happening,
    policy: PolicyName,
    size,
    reason,
    for: Duration.optional(),
  }),
  mapping({
    kind: z.literal('override'),
    ...happening,
    policy: PolicyName,
    override: z.enum(['pin', 'floor', 'ceiling', 'pause']),
    size: size.optional(),
    direction: z.enum(['out', 'in', 'both']).optional(),
    force: z.boolean().optional(),
    reason,
    for: Duration.optional(),
  }),
  mapping({
    kind: z.literal('clear-override'),
    ...happening,
    policy: PolicyName,
    override: z.enum(['pin', 'floor', 'ceiling', 'pause']),
  }),
  mapping({
    kind: z.literal('promote'),
    ...happening,
    policy: PolicyName,
    replica: Instance.optional(),
    force: z.boolean().optional(),
    reason,
  }),
  mapping({ kind: z.literal('deploy'), ...happening, policy: PolicyName, lasts: Duration.optional() }),
  mapping({
    kind: z.literal('warm'),
    ...happening,
    group: Group,
    share: z.number().gt(0).max(1).optional(),
    over: Duration.optional(),
  }),
]);

/** What goes wrong during the run. */
export const Fault = z.discriminatedUnion('kind', [
  mapping({
    kind: z.literal('aws-calls'),
    ...happening,
    ...lasting,
    service: z.string().min(1).optional(),
    operation: z.string().min(1).optional(),
    answer: z.enum(['throttled', 'error', 'denied', 'lost']),
    count: z.int().min(1).max(100_000).optional(),
    share: z.number().gt(0).max(1).optional(),
  }),
  mapping({
    kind: z.literal('crash'),
    ...happening,
    await: z.int().min(1).max(10_000).optional(),
    when: z.enum(['before', 'after']).optional(),
  }),
  mapping({
    kind: z.literal('clock-skew'),
    ...happening,
    ...lasting,
    seconds: z.int().min(-3600).max(3600),
  }),
  mapping({ kind: z.literal('metrics-missing'), ...happening, ...lasting, policy: PolicyName }),
  mapping({
    kind: z.literal('events'),
    ...happening,
    ...lasting,
    effect: z.enum(['lost', 'duplicated', 'delayed']),
    source: z.string().min(1).optional(),
    delay: Duration.optional(),
  }),
  mapping({ kind: z.literal('ticks-missing'), ...happening, ...lasting }),
  mapping({ kind: z.literal('size-changed'), ...happening, policy: PolicyName, size }),
  mapping({ kind: z.literal('service-deleted'), ...happening, policy: PolicyName }),
  mapping({ kind: z.literal('deployment-fails'), ...happening, policy: PolicyName }),
  mapping({ kind: z.literal('replica-stuck-creating'), ...happening, instance: Instance.optional() }),
  mapping({
    kind: z.literal('replica-lag'),
    ...happening,
    instance: Instance.optional(),
    policy: PolicyName.optional(),
    seconds: z.int().min(-1).max(86_400),
    for: Duration,
  }),
  mapping({
    kind: z.literal('insufficient-capacity'),
    ...happening,
    instanceClass: z.string().min(1).optional(),
    zone: z.string().min(1).optional(),
    count,
  }),
  mapping({ kind: z.literal('delete-refused'), ...happening, count }),
  mapping({ kind: z.literal('failover'), ...happening, cluster: Instance }),
  mapping({ kind: z.literal('instance-failed'), ...happening, instance: Instance }),
  mapping({ kind: z.literal('cache-flushed'), ...happening, group: Group }),
  mapping({ kind: z.literal('cache-busy'), ...happening, group: Group, for: Duration }),
  mapping({ kind: z.literal('cache-capacity-exhausted'), ...happening, ...lasting, group: Group }),
  mapping({ kind: z.literal('migration-stuck'), ...happening, ...lasting, group: Group }),
]);

/** A fault as read. */
export type Fault = z.infer<typeof Fault>;
/** An action as read. */
export type Action = z.infer<typeof Action>;
