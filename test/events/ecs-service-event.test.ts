import { describe, expect, it } from 'vitest';
import { ecsServiceEvent } from '../../events/contracts/ecs-service-event.ts';
import { parseOrThrow } from '../../functions/runtime/parse.ts';
import { sample, samplesOf } from './samples.ts';

const parse = (value: unknown) => parseOrThrow(ecsServiceEvent, value, 'ECS event');
const steady = sample('ecs-service-action.steady-state');
const detail = steady['detail'] as object;
const NAMES = [...samplesOf('ecs-service-action'), ...samplesOf('ecs-deployment-state-change')];

describe('something that happened to an ECS service', () => {
  it.each(NAMES)('is read from the sample %s', (name) => {
    expect(parse(sample(name))).toMatchObject({ service: { cluster: 'prod', service: 'web' } });
  });

  it('keeps what happened, how bad it is and why', () => {
    expect(parse(sample('ecs-service-action.task-placement-failure')).detail).toMatchObject({
      eventType: 'ERROR',
      eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
      reason: 'RESOURCE:FARGATE',
    });
  });

  it.each([
    ['resources', { resources: ['arn:aws-cn:ecs:cn-north-1:123456789012:service/prod/web'] }],
    [
      'the detail',
      { resources: [], detail: { ...detail, serviceArn: 'arn:aws:ecs:eu-central-1:1:service/prod/web' } },
    ],
    [
      'a later resource',
      {
        resources: ['arn:aws:ecs:eu-central-1:1:cluster/prod', 'arn:aws:ecs:eu-central-1:1:service/prod/web'],
      },
    ],
  ])('finds the service in %s', (_place, overrides) => {
    expect(parse({ ...steady, ...overrides }).service).toEqual({ cluster: 'prod', service: 'web' });
  });

  it.each([
    ['no ARN', { resources: [] }],
    ['the ARN of something else', { resources: ['arn:aws:ecs:eu-central-1:1:task/prod/web'] }],
    [
      'a short ARN and no cluster',
      { resources: ['arn:aws:ecs:eu-central-1:1:service/web'], detail: { ...detail, clusterArn: undefined } },
    ],
  ])('refuses %s', (_case, overrides) => {
    expect(() => parse({ ...steady, ...overrides })).toThrow(
      'ECS event: resources must hold the ARN of a service, arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE, not [',
    );
  });

  it('refuses an event of another kind', () => {
    expect(() => parse({ ...steady, 'detail-type': 'ECS Task State Change' })).toThrow(
      'detail-type must be "ECS Service Action" or "ECS Deployment State Change", not "ECS Task State Change"',
    );
  });
});
