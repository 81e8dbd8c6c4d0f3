import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Whom EventBridge Scheduler calls, and where it leaves what it could not deliver. */
export interface ScheduledCall {
  /** What the function does, for the role's description: `the sweep`. */
  readonly what: string;
  readonly handler: IFunction;
  readonly deadLetters: IQueue;
}

/** The role with which EventBridge Scheduler calls one function, on behalf of this account alone. */
export function schedulerRole(
  scope: Construct,
  id: string,
  { what, handler, deadLetters }: ScheduledCall,
): Role {
  const role = new Role(scope, id, {
    description: `Plimsoll: lets EventBridge Scheduler call ${what}`,
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  });
  role.addToPolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] }),
  );
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }));
  return role;
}
