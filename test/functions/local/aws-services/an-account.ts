import * as scaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ecs from '@aws-sdk/client-ecs';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as sns from '@aws-sdk/client-sns';
import { awsServices, newPublished } from '../../../../functions/local/aws-services/aws-services.ts';
import type { Policy } from '../../../../shared/core/policy.ts';
import { type Instant, plusSeconds } from '../../../../shared/core/time.ts';
import { createPlant } from '../../../../shared/simulation/plant.ts';
import { constantWorkload } from '../../../../shared/simulation/workload.ts';
import { aPolicy, aTargetTracking } from '../../../support/a-policy.ts';
import { clockTime } from '../../../support/now.ts';
import { anEndpoint, clientOf, closing } from '../aws-endpoint/support.ts';

/** When the account of a test begins. */
export const START = clockTime('10:00:00');

/** A number of seconds after the account began. */
export const later = (seconds: number): Instant => plusSeconds(START, seconds);

/** A policy for a service of that name in the cluster `prod`, with a CPU metric of its own. */
export function aServicePolicy(name: string): Policy {
  const { metric } = aTargetTracking();
  const query = {
    kind: 'stat',
    namespace: 'AWS/ECS',
    name: 'CPUUtilization',
    dimensions: { ClusterName: 'prod', ServiceName: name },
    stat: 'Average',
  } as const;
  const target = { kind: 'ecs-service', cluster: 'prod', service: name } as const;
  return aPolicy({ name, target, strategies: [aTargetTracking({ metric: { ...metric, query } })] });
}

/** A simulated account behind an endpoint, with real SDK clients; five units carry its constant load at target. */
export async function anAccount(names: readonly string[] = ['web']) {
  const plant = createPlant({
    policies: names.map(aServicePolicy),
    workload: constantWorkload(500, START, later(3600)),
    seed: 1,
    start: START,
    unitCapacity: 100,
  });
  const published = newPublished();
  const config = clientOf(await anEndpoint({ services: awsServices(plant, published) }));
  return {
    plant,
    published,
    scaling: closing(new scaling.ApplicationAutoScalingClient(config)),
    ecs: closing(new ecs.ECSClient(config)),
    cloudwatch: closing(new cloudwatch.CloudWatchClient(config)),
    eventbridge: closing(new eventbridge.EventBridgeClient(config)),
    sns: closing(new sns.SNSClient(config)),
  };
}
