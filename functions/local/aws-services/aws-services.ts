import * as scaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ecs from '@aws-sdk/client-ecs';
import * as elasticache from '@aws-sdk/client-elasticache';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as rds from '@aws-sdk/client-rds';
import * as sns from '@aws-sdk/client-sns';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { type ModelledService, modelledService } from '../aws-endpoint/service.ts';
import { applicationAutoScalingHandlers } from './application-auto-scaling.ts';
import { cloudWatchHandlers } from './cloudwatch.ts';
import { ecsHandlers } from './ecs.ts';
import { elastiCacheHandlers } from './elasticache.ts';
import { eventBridgeHandlers, type PublishedEvent } from './eventbridge.ts';
import { Publications } from './publications.ts';
import { rdsHandlers } from './rds.ts';
import { refusing } from './refusals.ts';
import { type PublishedMessage, snsHandlers } from './sns.ts';

/** What was published to EventBridge and SNS, for inspection. */
export interface Published {
  readonly events: Publications<PublishedEvent>;
  readonly messages: Publications<PublishedMessage>;
}

/** Keeps what is published. */
export const newPublished = (): Published => ({
  events: new Publications('e0e0e0e0'),
  messages: new Publications('50505050'),
});

/** Gives a simulated account the faces of ECS, ElastiCache, CloudWatch, Application Auto Scaling, EventBridge and SNS. */
export function awsServices(plant: Plant, published: Published = newPublished()): readonly ModelledService[] {
  return [
    modelledService({ name: 'ecs' }, ecs, ecsHandlers(plant)),
    modelledService({ name: 'cloudwatch', signingName: 'monitoring' }, cloudwatch, cloudWatchHandlers(plant)),
    modelledService({ name: 'elasticache' }, elasticache, elastiCacheHandlers(plant)),
    modelledService({ name: 'application-autoscaling' }, scaling, applicationAutoScalingHandlers(plant)),
    modelledService(
      { name: 'eventbridge', signingName: 'events' },
      eventbridge,
      eventBridgeHandlers(published.events),
    ),
    refusing(modelledService({ name: 'rds' }, rds, rdsHandlers(plant))),
    modelledService({ name: 'sns' }, sns, snsHandlers(published.messages)),
  ];
}
