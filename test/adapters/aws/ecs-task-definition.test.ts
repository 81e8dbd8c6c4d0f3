import type { RegisterTaskDefinitionRequest, TaskDefinition } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { definitionOf, rungOf, withSize } from '../../../shared/adapters/aws/ecs-task-definition.ts';
import { RESOURCE_TAGS } from '../../../shared/core/target.ts';
import { aTaskSize } from '../../support/a-task-size.ts';
import { anOrder } from '../../support/an-order.ts';

const ARN = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7';

/** What the adapter says itself; everything else of a request is copied. */
type Own = 'cpu' | 'memory' | 'tags';

/** One value for every field that a request takes: a field that a newer SDK adds fails here, at compile time. */
const COPIED: Required<Omit<RegisterTaskDefinitionRequest, Own>> = {
  family: 'web',
  taskRoleArn: 'arn:aws:iam::123456789012:role/web',
  executionRoleArn: 'arn:aws:iam::123456789012:role/pull',
  networkMode: 'awsvpc',
  containerDefinitions: [{ name: 'web', image: 'web:1', memory: 512, cpu: 256 }],
  volumes: [{ name: 'scratch' }],
  placementConstraints: [{ type: 'memberOf', expression: 'attribute:ecs.os-type == linux' }],
  requiresCompatibilities: ['FARGATE'],
  pidMode: 'task',
  ipcMode: 'task',
  proxyConfiguration: { type: 'APPMESH', containerName: 'envoy' },
  inferenceAccelerators: [{ deviceName: 'device_1', deviceType: 'eia2.medium' }],
  ephemeralStorage: { sizeInGiB: 40 },
  runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
  enableFaultInjection: true,
};

/** What a description has besides: ECS says it of a revision, and takes none of it. */
const SAID_BY_ECS: Required<Omit<TaskDefinition, keyof RegisterTaskDefinitionRequest>> = {
  taskDefinitionArn: ARN,
  revision: 7,
  status: 'ACTIVE',
  requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
  compatibilities: ['EC2', 'FARGATE'],
  registeredAt: new Date(0),
  deregisteredAt: new Date(0),
  deleteRequestedAt: new Date(0),
  registeredBy: 'arn:aws:iam::123456789012:user/ada',
};

const whole: TaskDefinition = { ...COPIED, ...SAID_BY_ECS, cpu: '512', memory: '1024' };
const tagged = (tags: Readonly<Record<string, string>>) =>
  definitionOf({
    taskDefinition: whole,
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  });

describe('another size of a task definition', () => {
  it('differs in CPU and memory alone', () => {
    const { tags, ...request } = withSize(tagged({}), { cpu: 1024, memoryMiB: 2048 }, anOrder(2));
    expect(request).toEqual({ ...COPIED, cpu: '1024', memory: '2048' });
    expect(tags).toBeDefined();
  });

  it('keeps the tags of the owner, takes none of AWS, and says whose it is and what it replaces', () => {
    const before = tagged({
      team: 'shop',
      'aws:cloudformation:stack-name': 'shop',
      [RESOURCE_TAGS.resize]: 'resize-0',
      [RESOURCE_TAGS.previous]: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:3',
    });
    const { tags = [] } = withSize(before, { cpu: 1024, memoryMiB: 2048 }, anOrder(2));
    expect(Object.fromEntries(tags.map(({ key, value }) => [key, value]))).toEqual({
      team: 'shop',
      'plimsoll:managed': 'true',
      'plimsoll:policy': 'web',
      'plimsoll:resize': 'resize-1',
      'plimsoll:previous': ARN,
    });
  });

  it('has a place on the ladder only when both numbers are those of a rung', () => {
    const rung = (cpu: string | undefined, memory: string | undefined) =>
      rungOf(aTaskSize(), definitionOf({ taskDefinition: { cpu, memory } }));
    expect(rung('1024', '2048')).toBe(2);
    expect(rung('1024', '4096')).toBeNull();
    expect(rung(undefined, undefined)).toBeNull();
  });

  it('that ECS says nothing of is no size and no revision', () => {
    expect(definitionOf({ tags: [{}] })).toMatchObject({
      arn: '',
      family: '',
      size: { cpu: 0, memoryMiB: 0 },
    });
  });
});
