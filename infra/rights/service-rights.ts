import { type EcsTaskSizeTarget, RESOURCE_TAGS } from '../../shared/core/target.ts';
import { type Arns, distinct, type NamedArn, written } from '../named-arn.ts';
import { BECOMES_OURS, passRoles, type Right } from './right.ts';

/**
 * What looking at ECS services and setting their size takes.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export const serviceRights = (services: readonly NamedArn[]): readonly Right[] =>
  services.length === 0
    ? []
    : [{ actions: ['ecs:DescribeServices', 'ecs:UpdateService'], resources: services }];

const WHY_FAMILIES = 'The family of a service is not known at synthesis; every revision carries our tag.';

/** What new revisions of task definitions take. A revision that has roles passes them. */
export function taskSizeRights(targets: readonly EcsTaskSizeTarget[], { here }: Arns): readonly Right[] {
  if (targets.length === 0) return [];
  const roles = distinct(targets.flatMap(({ passRoles: named = [] }) => named.map(written)));
  const revisions = [here('ecs', 'task-definition/*')];
  return [
    {
      actions: ['ecs:DescribeTaskDefinition'],
      resources: [written('*')],
      why: 'ecs:DescribeTaskDefinition supports no resource-level permissions.',
    },
    {
      actions: ['ecs:RegisterTaskDefinition'],
      resources: revisions,
      conditions: { StringEquals: BECOMES_OURS },
      why: WHY_FAMILIES,
    },
    {
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
      actions: ['ecs:TagResource'],
      resources: revisions,
      conditions: {
        StringEquals: {
          'ecs:CreateAction': 'RegisterTaskDefinition',
          [`aws:RequestTag/${RESOURCE_TAGS.managed}`]: 'true',
        },
      },
      why: WHY_FAMILIES,
    },
    ...passRoles(roles, 'ecs-tasks.amazonaws.com'),
  ];
}
