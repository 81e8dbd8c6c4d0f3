import * as z from 'zod';
import { Name } from './common.ts';
import { Duration } from './duration.ts';
import { mapping } from './mapping.ts';
import { API_VERSION } from './scaling-policy.ts';

const TierName = Name.describe('The name of a tier of this application.');

const TierDocument = mapping({
  name: Name.describe('Unique in this application: database, cache, web.'),
  policy: Name.describe('The policy that scales it. A policy belongs to one application at most.'),
  after: z
    .array(TierName)
    .max(20)
    .optional()
    .describe('Tiers that must be ready before this one grows; it shrinks before they do. Default none.'),
  warm: mapping({
    plan: Name.describe('The warm plan.'),
    within: Duration.describe('After this time a scaled cache counts as warm all the same: 10m.'),
  })
    .optional()
    .describe('A cache that counts as ready only when this warm plan has run since it grew.'),
});

const DatabaseDocument = mapping({
  tier: TierName.optional().describe(
    'The tier whose ready units take connections; none = fixed nodes alone.',
  ),
  fixedNodes: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe(
      'Nodes beside the units of the tier, such as a writer that takes the same connections. Default 0.',
    ),
  maxConnections: z.int().min(1).max(1_000_000).describe('max_connections of one node.'),
});

const ClientDocument = mapping({
  tier: TierName.describe('The tier that opens connections.'),
  poolSize: z.int().min(1).max(100_000).describe('Connections that one unit opens at most.'),
  deploymentFactor: z
    .number()
    .min(1)
    .max(10)
    .optional()
    .describe(
      'How many times its size the tier has while a deployment rolls. Default 2 (maximumPercent 200).',
    ),
});

/** Tiers that are scaled together. */
export const ApplicationDocument = mapping({
  apiVersion: z.literal(API_VERSION).describe('The version of this document.'),
  kind: z
    .literal('Application')
    .describe('Tiers that are scaled in order and within a budget of connections.'),
  metadata: mapping({ name: Name }).describe('The name.'),
  spec: mapping({
    tiers: z.array(TierDocument).min(1).max(20).describe('The tiers, in any order.'),
    connectionBudget: mapping({
      share: z
        .number()
        .gt(0)
        .max(1)
        .optional()
        .describe('The share of all connections that the clients may use. Default 0.8.'),
      databases: z.array(DatabaseDocument).min(1).max(20).describe('What takes connections.'),
      clients: z.array(ClientDocument).min(1).max(20).describe('What opens them.'),
    })
      .optional()
      .describe(
        'Σ units × pool size × deployment factor stays within Σ ready nodes × max_connections × share.',
      ),
  }).describe('The tiers, and what they share.'),
}).meta({ title: 'Application', description: 'Tiers that are scaled together: docs/applications.md.' });

/** An application as read. */
export type ApplicationDocument = z.infer<typeof ApplicationDocument>;
