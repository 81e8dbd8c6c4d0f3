import type { Stack } from 'aws-cdk-lib';
import type { Policy } from '../shared/core/policy.ts';
import { arnsOf, distinct, type NamedArn } from './named-arn.ts';

/** One ARN for every ECS service that the policies name, in the long format with the cluster. */
export function serviceArns(stack: Stack, policies: readonly Policy[]): readonly NamedArn[] {
  const { here } = arnsOf(stack);
  return distinct(
    policies.flatMap(({ target }) =>
      'service' in target ? [here('ecs', `service/${target.cluster}/${target.service}`)] : [],
    ),
  );
}
