import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { ALARM_PREFIX } from '../shared/core/alarms.ts';
import type { ControllerEventType } from '../shared/core/controller-event.ts';
import type { Policy } from '../shared/core/policy.ts';
import type { WarmPlan } from '../shared/core/warm-plan.ts';
import { chunkBySize } from './chunk-by-size.ts';
import type { ServiceArn } from './service-arns.ts';

/** An EventBridge event pattern holds at most this many characters by default (EventBridge quotas, "Event pattern size"). */
const MAX_PATTERN_CHARACTERS = 2048;

/** Changes of state of our own alarms, by their prefix, and of the alarms that policies name besides, by their exact names. */
export function alarmPatterns(policies: readonly Policy[]): readonly EventPattern[] {
  const others = [...new Set(policies.flatMap(({ wakeOnAlarms }) => wakeOnAlarms))].sort();
  const pattern = (alarmName: readonly unknown[]) => ({
    source: ['aws.cloudwatch'],
    detailType: ['CloudWatch Alarm State Change'],
    detail: { alarmName: [...alarmName] },
  });
  const named = chunkBySize({
    items: others,
    sizeOf: (name) => JSON.stringify(name).length + 1,
    budget: MAX_PATTERN_CHARACTERS - JSON.stringify(pattern([])).length,
  });
  return [pattern([{ prefix: ALARM_PREFIX }]), ...named.map(pattern)];
}

/** What ECS reports about the services that the policies name: steady states, placement failures, ends of deployments. */
export function servicePatterns(services: readonly ServiceArn[]): readonly EventPattern[] {
  const pattern = (arns: readonly string[]) => ({
    source: ['aws.ecs'],
    detailType: ['ECS Service Action', 'ECS Deployment State Change'],
    resources: [...arns],
  });
  const chunks = chunkBySize({
    items: services,
    sizeOf: ({ characters }) => characters + '"",'.length,
    budget: MAX_PATTERN_CHARACTERS - JSON.stringify(pattern([])).length,
  });
  return chunks.map((chunk) => pattern(chunk.map(({ arn }) => arn)));
}

const ownEvents = (type: ControllerEventType, detail: Readonly<Record<string, unknown[]>>): EventPattern => ({
  source: ['plimsoll'],
  detailType: [type],
  detail,
});

/** Our own events that start a warm plan: somebody asked for it, or a cache that it names was scaled. `replicas`: also new replicas. */
export function warmPatterns(plans: readonly WarmPlan[], replicas: boolean): readonly EventPattern[] {
  const caches = [...new Set(plans.flatMap(({ onScaleOutOf }) => onScaleOutOf))].sort();
  const asked: unknown[] = [{ prefix: 'warm/' }, ...(replicas ? [{ prefix: 'rds-replicas/' }] : [])];
  const scaled = chunkBySize({
    items: caches,
    sizeOf: (name) => JSON.stringify(name).length + 1,
    budget: MAX_PATTERN_CHARACTERS - JSON.stringify(ownEvents('ScalingCompleted', { policy: [] })).length,
  });
  return [
    ownEvents('WarmRequested', { target: asked }),
    ...scaled.map((names) => ownEvents('ScalingCompleted', { policy: [...names] })),
  ];
}

/** The ends of deployments of services. */
export function deploymentPatterns(services: readonly ServiceArn[]): readonly EventPattern[] {
  const pattern = (arns: readonly string[]) => ({
    source: ['aws.ecs'],
    detailType: ['ECS Deployment State Change'],
    resources: [...arns],
    detail: { eventName: ['SERVICE_DEPLOYMENT_COMPLETED'] },
  });
  const chunks = chunkBySize({
    items: services,
    sizeOf: ({ characters }) => characters + '"",'.length,
    budget: MAX_PATTERN_CHARACTERS - JSON.stringify(pattern([])).length,
  });
  return chunks.map((chunk) => pattern(chunk.map(({ arn }) => arn)));
}
