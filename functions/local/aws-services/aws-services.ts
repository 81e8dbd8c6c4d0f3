import * as scaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ecs from '@aws-sdk/client-ecs';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as elasticache from '@aws-sdk/client-elasticache';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as rds from '@aws-sdk/client-rds';
import * as route53 from '@aws-sdk/client-route-53';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { type ModelledService, modelledService } from '../aws-endpoint/service.ts';
import { applicationAutoScalingHandlers } from './application-auto-scaling.ts';
import { cloudWatchHandlers } from './cloudwatch.ts';
import { ecsHandlers } from './ecs.ts';
import { elastiCacheHandlers } from './elasticache.ts';
import { elbv2Handlers } from './elbv2.ts';
import { eventBridgeHandlers, type PublishedEvent } from './eventbridge.ts';
import { Publications } from './publications.ts';
import { rdsHandlers } from './rds.ts';
import { refusing } from './refusals.ts';
import { route53Handlers } from './route53.ts';
import { type Secrets, secretsManagerHandlers } from './secrets-manager.ts';
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

/** Gives a simulated account the faces of the AWS services that Plimsoll calls, and of SNS and Secrets Manager with `secrets`. */
export function awsServices(
  plant: Plant,
  published: Published = newPublished(),
  secrets: Secrets = {},
): readonly ModelledService[] {
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
    refusing(
      modelledService({ name: 'elbv2', signingName: 'elasticloadbalancing' }, elbv2, elbv2Handlers(plant)),
    ),
    refusing(modelledService({ name: 'route53' }, route53, route53Handlers(plant))),
    refusing(
      modelledService({ name: 'secretsmanager' }, secretsManager, secretsManagerHandlers(plant, secrets)),
    ),
    modelledService({ name: 'sns' }, sns, snsHandlers(published.messages)),
  ];
}
