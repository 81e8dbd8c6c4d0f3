import * as z from 'zod/mini';
import { eventBridgeEvent, name } from './event-bridge.ts';

const LEVELS = ['INFO', 'WARN', 'ERROR'] as const;

const detail = z.object(
  {
    eventType: z.enum(LEVELS, `must be one of ${LEVELS.join(', ')}`),
    /** For example `SERVICE_STEADY_STATE` or `SERVICE_DEPLOYMENT_COMPLETED`; new ones appear without notice. */
    eventName: name,
    reason: z.optional(z.string('must be a string')),
    serviceArn: z.optional(z.string('must be a string')),
    clusterArn: z.optional(z.string('must be a string')),
  },
  'must be an object with eventType and eventName',
);

const event = eventBridgeEvent('aws.ecs', ['ECS Service Action', 'ECS Deployment State Change'], detail);

/** An ECS service by the names of its cluster and its own. */
export interface EcsServiceNames {
  readonly cluster: string;
  readonly service: string;
}

/**
 * Something that happened to an ECS service: an action of its scheduler, or a step of a deployment. ECS does not report
 * the desired counts that we set ourselves.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
export const ecsServiceEvent = z.pipe(
  event.check(
    z.refine((input) => namesOf(input) !== null, {
      path: ['resources'],
      error: 'must hold the ARN of a service, arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE',
    }),
  ),
  z.transform((input) => ({ ...input, service: namesOf(input) ?? { cluster: '', service: '' } })),
);

// Every documented sample has the ARN of the service in `resources`; some texts promise it in the detail.
function namesOf({
  resources,
  detail: { serviceArn, clusterArn },
}: z.output<typeof event>): EcsServiceNames | null {
  for (const arn of [...resources, serviceArn ?? '']) {
    const parts = /^arn:[\w-]+:ecs:[^:]*:[^:]*:service\/(.+)$/.exec(arn)?.[1]?.split('/') ?? [];
    const service = parts.at(-1);
    // Services made before 2018 have ARNs without their cluster.
    const cluster = parts.length > 1 ? parts[0] : clusterArn?.split('/').at(-1);
    if (service && cluster) return { cluster, service };
  }
  return null;
}
