import * as z from 'zod';
import { Duration } from '../../../shared/config/schema/duration.ts';
import { mapping, text } from '../../../shared/config/schema/mapping.ts';
import { Expectation } from './expectation-schema.ts';
import { Action, Fault, Group, Instance, Moment } from './happening-schema.ts';

const within = { from: Moment.optional(), until: Moment.optional() };
const amount = z.number().min(0).max(1e9);

/** The load over time. One of constant, steps and trace. */
const Load = mapping({
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
