import * as z from 'zod/mini';
import { eventBridgeEvent, name } from './event-bridge.ts';

const detail = z.object(
  {
    /** For example `RDS-EVENT-0005`; new ones appear without notice. */
    EventID: z.optional(z.string('must be a string')),
    Message: z.optional(z.string('must be a string')),
    /** The identifier, in some texts with `rds:` before it: so the ARN is what counts. */
    SourceArn: name,
  },
  'must be an object with SourceArn',
);

const event = eventBridgeEvent('aws.rds', ['RDS DB Instance Event', 'RDS DB Cluster Event'], detail);

/** A database that RDS tells of. */
export interface RdsSource {
  readonly kind: 'instance' | 'cluster';
  /** Its identifier, in lower case as RDS keeps it. */
  readonly id: string;
}

/**
 * Something that happened to a database instance or a cluster. RDS delivers them as best it can, in any order.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloudwatch-events.sample.html
 */
export const rdsEvent = z.pipe(
  event.check(
    z.refine((input) => sourceOf(input) !== null, {
      path: ['detail', 'SourceArn'],
      error: 'must be the ARN of an instance or a cluster, arn:aws:rds:REGION:ACCOUNT:db:NAME',
    }),
  ),
  z.transform((input) => ({ ...input, database: sourceOf(input) ?? NOBODY })),
);

const NOBODY: RdsSource = { kind: 'instance', id: '' };

function sourceOf({ detail: { SourceArn } }: z.output<typeof event>): RdsSource | null {
  const [, kind, id] = /^arn:[\w-]+:rds:[^:]*:[^:]*:(db|cluster):([^:/]+)$/.exec(SourceArn) ?? [];
  if (id === undefined) return null;
  return { kind: kind === 'db' ? 'instance' : 'cluster', id: id.toLowerCase() };
}
