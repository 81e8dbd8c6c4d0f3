import * as z from 'zod';
import { Duration, secondsOf } from '../../../shared/config/schema/duration.ts';
import { mapping, text } from '../../../shared/config/schema/mapping.ts';
import { EVENT_TYPES } from '../../../shared/core/controller-event.ts';

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
export const happening = {
  at: Moment.optional(),
  /** Up to so much later, drawn from the seed. */
  spread: Duration.optional(),
  chance: z.number().gt(0).max(1).optional(),
};

/** How long a fault lasts: one of the two, or until the end of the run. */
export const lasting = { for: Duration.optional(), until: Moment.optional() };

const size = z.int().min(0).max(10_000);
const reason = z.string().min(1).max(500).optional();

/** The identifier of a replication group. */
const Group = z.string().min(1).max(40);
const Instance = z.string().min(1).max(63);
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

const amount = z.number().min(0).max(1e9);

/** The load over time. One of constant, steps and trace. */
export const Load = mapping({
  constant: amount.optional(),
  steps: z
    .array(mapping({ at: Moment, load: amount, over: Duration.optional() }))
    .min(1)
    .max(1000)
    .optional(),
  trace: z.string().min(1).optional(),
  from: Moment.optional(),
  scale: z.number().gt(0).max(1e6).optional(),
});

const LoadModel = mapping({
  readsPerLoad: amount.optional(),
  writesPerLoad: amount.optional(),
  connectionsPerTask: amount.optional(),
  queriesPerNode: z.number().gt(0).max(1e9).optional(),
});

const share = z.number().min(0).max(1).optional();

/** What of the account differs from what its policies suggest. */
const Resources = mapping({
  unitCapacity: z.number().gt(0).max(1e9).optional(),
  databases: z
    .record(
      Instance,
      mapping({
        engine: z.string().min(1).optional(),
        instanceClass: z.string().min(1).optional(),
        maxConnections: z.int().min(1).max(262_143).optional(),
        backupRetention: z.int().min(0).max(35).optional(),
        zones: z.array(z.string().min(1)).min(1).max(6).optional(),
        unmanagedReplicas: z.int().min(0).max(15).optional(),
      }),
    )
    .optional(),
  caches: z
    .record(
      Group,
      mapping({
        engine: z.enum(['valkey', 'redis']).optional(),
        nodeType: z.string().min(1).optional(),
        memoryGiB: z.number().gt(0).max(1000).optional(),
        shards: z.int().min(1).max(500).optional(),
        replicas: z.int().min(0).max(5).optional(),
        usedMemoryShare: share,
        clusterMode: z.boolean().optional(),
        multiAz: z.boolean().optional(),
        keys: z.int().min(1).max(1e9).optional(),
        warmShare: share,
        readsPerNode: z.number().gt(0).max(1e9).optional(),
      }),
    )
    .optional(),
});

const happenings = {
  faults: z.array(Fault).max(200).optional(),
  actions: z.array(Action).max(200).optional(),
};

/** A scenario document. */
export const ScenarioDocument = mapping({
  name: text(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'a name', 'lower-case letters, digits and "-"'),
  description: z.string().min(1).max(2000).optional(),
  policies: z.array(z.unknown()).min(1).max(100),
  duration: Duration,
  start: z.iso
    .datetime({ error: 'is not a time in UTC (write for example "2026-11-20T10:00:00Z")' })
    .optional(),
  seed: z.int().min(0).max(2_147_483_647).optional(),
  seeds: z.int().min(1).max(100_000).optional(),
  sample: Duration.optional(),
  ledger: z.enum(['memory', 'dynalite']).optional(),
  load: Load,
  loadModel: LoadModel.optional(),
  resources: Resources.optional(),
  ...happenings,
  crash: mapping({
    every: z.literal('await'),
    ...within,
    when: z.enum(['before', 'after', 'both']).optional(),
  }).optional(),
  compare: mapping({
    name: z.string().min(1).max(60),
    without: z.array(z.string().min(1)).min(1).max(50).optional(),
    ...happenings,
    expect: z.array(Expectation).max(200).optional(),
  }).optional(),
  show: z.array(z.string().min(1)).min(1).max(20).optional(),
  expect: z.array(Expectation).min(1).max(200),
});

/** A scenario as read. */
export type ScenarioDocument = z.infer<typeof ScenarioDocument>;
/** A fault as read. */
export type Fault = z.infer<typeof Fault>;
/** An action as read. */
export type Action = z.infer<typeof Action>;
/** An expectation as read. */
export type Expectation = z.infer<typeof Expectation>;
