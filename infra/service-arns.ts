import { Fn, type Stack, Token } from 'aws-cdk-lib';
import type { Policy } from '../shared/core/policy.ts';

/** The ARN of a service that a policy names, and how long it can be once CloudFormation has filled it in. */
export interface ServiceArn {
  readonly arn: string;
  readonly characters: number;
}

// The longest values that the pseudo parameters take: aws-us-gov, ap-southeast-1 and twelve digits.
const LONGEST_PARTITION = 10;
const LONGEST_REGION = 14;
const ACCOUNT = 12;

/**
 * One ARN for every ECS service that the policies name, in the long format with the cluster.
 * `Fn::Sub` keeps a thousand of them at half the template size of joined parts.
 */
export function serviceArns(stack: Stack, policies: readonly Policy[]): readonly ServiceArn[] {
  const region = Token.isUnresolved(stack.region) ? LONGEST_REGION : stack.region.length;
  const fixed = 'arn::ecs:::service/'.length + LONGEST_PARTITION + region + ACCOUNT;
  const paths = policies.flatMap(({ target }) =>
    target.kind === 'ecs-service' ? [`${target.cluster}/${target.service}`] : [],
  );
  return [...new Set(paths)].sort().map((path) => ({
    arn: Fn.sub(`arn:\${AWS::Partition}:ecs:\${AWS::Region}:\${AWS::AccountId}:service/${path}`),
    characters: fixed + path.length,
  }));
}
