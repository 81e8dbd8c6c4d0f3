import type {
  DescribeTaskDefinitionResponse,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { type EcsTaskSizeTarget, RESOURCE_TAGS } from '../../core/target.ts';
import type { ResizeOrder } from '../../ports/capacity-target.ts';

/** A revision of a task definition, as far as its size is concerned. */
export interface Definition {
  readonly arn: string;
  readonly family: string;
  readonly size: EcsTaskSizeTarget['ladder'][number];
  readonly tags: ReadonlyMap<string, string>;
  readonly whole: TaskDefinition;
}

/** What ECS says of a revision; a size that the tasks do not declare is 0, which is no rung of any ladder. */
export const definitionOf = ({
  taskDefinition = {},
  tags = [],
}: DescribeTaskDefinitionResponse): Definition => ({
  arn: taskDefinition.taskDefinitionArn ?? '',
  family: taskDefinition.family ?? '',
  size: { cpu: Number(taskDefinition.cpu ?? 0), memoryMiB: Number(taskDefinition.memory ?? 0) },
  tags: new Map(tags.map(({ key, value }) => [key ?? '', value ?? ''])),
  whole: taskDefinition,
});

/** The place of a revision on the ladder, from 1; null when it has none. */
export function rungOf({ ladder }: EcsTaskSizeTarget, { size }: Definition): number | null {
  const place = ladder.findIndex(({ cpu, memoryMiB }) => cpu === size.cpu && memoryMiB === size.memoryMiB);
  return place === -1 ? null : place + 1;
}

/**
 * The same revision with another size: everything that RegisterTaskDefinition takes is copied, limits of single containers
 * included. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export function withSize(
  { arn, whole, tags }: Definition,
  { cpu, memoryMiB }: Definition['size'],
  { resizeId, policy }: ResizeOrder,
): RegisterTaskDefinitionRequest {
  const own = new Map([
    // Tags of AWS itself cannot be given.
    ...[...tags].filter(([key]) => !key.startsWith('aws:')),
    [RESOURCE_TAGS.managed, 'true'],
    [RESOURCE_TAGS.policy, policy],
    [RESOURCE_TAGS.resize, resizeId],
    [RESOURCE_TAGS.previous, arn],
  ]);
  return {
    family: whole.family,
    containerDefinitions: whole.containerDefinitions,
    taskRoleArn: whole.taskRoleArn,
    executionRoleArn: whole.executionRoleArn,
    networkMode: whole.networkMode,
    volumes: whole.volumes,
    placementConstraints: whole.placementConstraints,
    requiresCompatibilities: whole.requiresCompatibilities,
    pidMode: whole.pidMode,
    ipcMode: whole.ipcMode,
    proxyConfiguration: whole.proxyConfiguration,
    inferenceAccelerators: whole.inferenceAccelerators,
    ephemeralStorage: whole.ephemeralStorage,
    runtimePlatform: whole.runtimePlatform,
    enableFaultInjection: whole.enableFaultInjection,
    cpu: String(cpu),
    memory: String(memoryMiB),
    tags: [...own].map(([key, value]) => ({ key, value })),
  };
}
