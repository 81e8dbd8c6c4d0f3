import * as z from 'zod';
import { Quantity } from './behavior.ts';
import { Name } from './common.ts';
import { Duration } from './duration.ts';
import { mapping } from './mapping.ts';
import { API_VERSION } from './scaling-policy.ts';

/** Limits over all targets of a set of policies. */
export const GuardrailsDocument = mapping({
  apiVersion: z.literal(API_VERSION).describe('The version of this document.'),
  kind: z.literal('Guardrails').describe('Limits over all targets; one in a set of policies.'),
  metadata: mapping({ name: Name.optional() }).optional().describe('A name, for people.'),
  spec: mapping({
    changeBudget: mapping({
      // Every change of the window is remembered in one item of the ledger, which holds 400 KB.
      units: z
        .int()
        .min(1)
        .max(2000)
        .describe('At most so many tasks of change, 1 to 2000, both directions together …'),
      within: Duration.describe('… in this time: 10m. At most a day.'),
    })
      .optional()
      .describe('How much automation may change over all targets. Without it there is no such limit.'),
    quota: mapping({
      cpu: Quantity.optional().describe('vCPU over all targets: 20 or "500m".'),
      memory: Quantity.optional().describe('Memory over all targets: 40Gi.'),
    })
      .optional()
      .describe('What the tasks of all targets that declare a unit may reserve together.'),
  }).describe('The limits.'),
}).meta({ title: 'Guardrails', description: 'Limits over all targets of a set of policies.' });

const ignored = z.unknown().optional();

/** A pasted Kubernetes ResourceQuota: its requests are the quota. */
export const ResourceQuotaDocument = mapping({
  apiVersion: z.literal('v1'),
  kind: z.literal('ResourceQuota'),
  metadata: mapping({
    name: Name,
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
    // What `kubectl get -o yaml` prints besides.
    creationTimestamp: ignored,
    managedFields: ignored,
    resourceVersion: ignored,
    selfLink: ignored,
    uid: ignored,
  }),
  spec: mapping({
    hard: z
      .record(z.string().min(1).max(253), Quantity)
      .describe(
        'requests.cpu and requests.memory (or cpu and memory) become the quota; the rest is not read.',
      ),
    scopes: ignored,
    scopeSelector: ignored,
  }),
  status: z.unknown().optional().describe('Not read.'),
}).meta({ title: 'ResourceQuota', description: 'A Kubernetes v1 manifest, as it stands.' });

/** Guardrails as read. */
export type GuardrailsDocument = z.infer<typeof GuardrailsDocument>;
/** A ResourceQuota as read. */
export type ResourceQuotaDocument = z.infer<typeof ResourceQuotaDocument>;
