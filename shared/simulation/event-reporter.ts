import type { Instant } from '../core/time.ts';
import { stateChangeDetail } from './alarm-event.ts';
import { isoMillis, isoSeconds } from './iso-time.ts';
import type { AlarmChange } from './plant-alarms.ts';
import { type AccountIdentity, arnOf, type PlantEvent } from './plant-event.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { ServiceHappening, SimulatedService } from './simulated-service.ts';

type Content = Pick<PlantEvent, 'detail-type' | 'source' | 'resources' | 'detail'>;

const DEPLOYMENT = {
  'deployment-in-progress': { name: 'SERVICE_DEPLOYMENT_IN_PROGRESS', words: 'in progress' },
  'deployment-completed': { name: 'SERVICE_DEPLOYMENT_COMPLETED', words: 'completed' },
  'deployment-failed': { name: 'SERVICE_DEPLOYMENT_FAILED', words: 'circuit breaker: tasks failed to start' },
} as const;
/** A call of an API that changed something, as CloudTrail records it. */
export interface ApiCall {
  /** For example `elasticache`. */
  readonly service: string;
  readonly operation: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>>;
}

/** Puts what happens in the simulated account into the words of EventBridge. Identifiers are seeded. */
export class EventReporter {
  readonly #identity: AccountIdentity;
  readonly #random: SeededRandom;

  constructor(identity: AccountIdentity, random: SeededRandom) {
    this.#identity = identity;
    this.#random = random;
  }

  /** "CloudWatch Alarm State Change". */
  alarm(change: AlarmChange, at: Instant): PlantEvent {
    const { spec, status, previous } = change;
    return this.#envelope(at, {
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      resources: [arnOf(this.#identity, 'cloudwatch', `alarm:${spec.name}`)],
      detail: stateChangeDetail(spec, status, previous),
    });
  }

  /** "ECS Service Action" for a steady state, "ECS Deployment State Change" for deployments. */
  service(service: SimulatedService, happening: ServiceHappening, at: Instant): PlantEvent {
    const resources = [arnOf(this.#identity, 'ecs', `service/${service.cluster}/${service.name}`)];
    if (happening === 'steady-state') {
      return this.#envelope(at, {
        'detail-type': 'ECS Service Action',
        source: 'aws.ecs',
        resources,
        detail: {
          eventType: 'INFO',
          eventName: 'SERVICE_STEADY_STATE',
          clusterArn: arnOf(this.#identity, 'ecs', `cluster/${service.cluster}`),
          createdAt: isoMillis(at),
        },
      });
    }
    const deployments = service.deployments();
    const failed = deployments.find(({ rolloutState }) => rolloutState === 'FAILED');
    const concerned = happening === 'deployment-failed' ? failed : deployments[0];
    const deploymentId = concerned?.id ?? '';
    const { name, words } = DEPLOYMENT[happening];
    return this.#envelope(at, {
      'detail-type': 'ECS Deployment State Change',
      source: 'aws.ecs',
      resources,
      detail: {
        eventType: happening === 'deployment-failed' ? 'ERROR' : 'INFO',
        eventName: name,
        deploymentId,
        updatedAt: isoSeconds(at),
        reason: `ECS deployment ${deploymentId} ${words}.`,
      },
    });
  }

  /** "AWS API Call via CloudTrail": all that EventBridge has of a service that reports nothing of its work by itself. */
  apiCall({ service, operation, request, response }: ApiCall, at: Instant): PlantEvent {
    const { account, region } = this.#identity;
    return this.#envelope(at, {
      'detail-type': 'AWS API Call via CloudTrail',
      source: `aws.${service}`,
      resources: [],
      detail: {
        eventVersion: '1.11',
        eventTime: isoSeconds(at),
        eventSource: `${service}.amazonaws.com`,
        eventName: operation,
        awsRegion: region,
        requestParameters: request,
        responseElements: response,
        requestID: this.#random.uuid(),
        eventID: this.#random.uuid(),
        readOnly: false,
        eventType: 'AwsApiCall',
        managementEvent: true,
        recipientAccountId: account,
        eventCategory: 'Management',
      },
    });
  }

  #envelope(at: Instant, content: Content): PlantEvent {
    return {
      version: '0',
      id: this.#random.uuid(),
      account: this.#identity.account,
      time: isoSeconds(at),
      region: this.#identity.region,
      ...content,
    };
  }
}
