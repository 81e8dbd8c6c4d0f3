import type { Stack } from 'aws-cdk-lib';
import type { EventPattern } from 'aws-cdk-lib/aws-events';
import { RESIZING_CALLS } from '../events/contracts/elasticache-call.ts';
import { ALARM_PREFIX } from '../shared/core/alarms.ts';
import type { ControllerEventType } from '../shared/core/controller-event.ts';
import { createdPrefix } from '../shared/core/created-units.ts';
import type { Policy } from '../shared/core/policy.ts';
import type { WarmPlan } from '../shared/core/warm-plan.ts';
import { chunkBySize } from './chunk-by-size.ts';
import { arnsOf, distinct, type NamedArn } from './named-arn.ts';

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
export function servicePatterns(services: readonly NamedArn[]): readonly EventPattern[] {
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

/**
 * What RDS reports about the instances and clusters that the policies name, and about those that Plimsoll makes for them, which are known by
 * how their names begin. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloudwatch-events.sample.html
 */
export function databasePatterns(stack: Stack, policies: readonly Policy[]): readonly EventPattern[] {
  const { here } = arnsOf(stack);
  const instance = (id: string) => here('rds', `db:${id}`);
  const targets = policies.map(({ target }) => target);
  const parents = targets.flatMap((target) => {
    if (target.kind === 'rds-replicas') return [target.source];
    return target.kind === 'aurora-readers' ? [target.cluster] : [];
  });
  const named = targets.flatMap((target) => {
    if (target.kind === 'rds-replicas') return [instance(target.source)];
    if (target.kind === 'rds-instance-class') return [instance(target.instance)];
    return target.kind === 'aurora-readers' ? [here('rds', `cluster:${target.cluster}`)] : [];
  });
  const created = distinct(parents.map((parent) => instance(createdPrefix(parent))));
  const items = [
    ...distinct(named).map(({ arn, characters }) => ({ value: arn, characters })),
    ...created.map(({ arn, characters }) => ({ value: { prefix: arn }, characters })),
  ];
  const pattern = (resources: readonly unknown[]) => ({
    source: ['aws.rds'],
    detailType: ['RDS DB Instance Event', 'RDS DB Cluster Event'],
    resources: [...resources] as string[],
  });
  return chunkBySize({
    items,
    sizeOf: ({ characters }) => characters + '{"prefix":""},'.length,
    budget: MAX_PATTERN_CHARACTERS - JSON.stringify(pattern([])).length,
  }).map((chunk) => pattern(chunk.map(({ value }) => value)));
}

/**
 * Calls that change the replication groups that the policies name, as CloudTrail records them: all that EventBridge has of groups, and only
 * where a trail is on. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/eventbridge.html
 */
export function cachePatterns(policies: readonly Policy[]): readonly EventPattern[] {
  const groups = policies.flatMap(({ target }) =>
    'replicationGroup' in target ? [target.replicationGroup] : [],
  );
  const pattern = (names: readonly string[]) => ({
    source: ['aws.elasticache'],
    detailType: ['AWS API Call via CloudTrail'],
    detail: { eventName: [...RESIZING_CALLS], requestParameters: { replicationGroupId: [...names] } },
  });
  return chunkBySize({
    items: [...new Set(groups)].sort(),
    sizeOf: (name) => JSON.stringify(name).length + 1,
    budget: MAX_PATTERN_CHARACTERS - JSON.stringify(pattern([])).length,
  }).map(pattern);
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
export function deploymentPatterns(services: readonly NamedArn[]): readonly EventPattern[] {
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
