import * as z from 'zod/mini';
import { controllerEvent } from './controller-events.ts';
import { ecsServiceEvent } from './ecs-service-event.ts';
import { eventBridgeEvent } from './event-bridge.ts';

const text = z.string('must be a string').check(z.minLength(1, 'must not be empty'));

/** A call by name: from a schedule, or by hand. */
export const warmByName = z.object(
  {
    kind: z.literal('warm', 'must be "warm"'),
    plan: text,
    reason: z.optional(text),
  },
  'must be a JSON object',
);

/** One of our own events that may start a run: a cache was scaled, or somebody asked. */
export const warmByOwnEvent = eventBridgeEvent(
  'plimsoll',
  ['ScalingCompleted', 'WarmRequested'],
  controllerEvent,
);

/** A step of a deployment of an ECS service; only its end starts a run. */
export const warmByDeployment = ecsServiceEvent;
