import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, ContextAttribute } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetterQueue } from './event-queue.ts';
import { schedulerRole } from './scheduler-role.ts';

/** What is called each minute. */
export interface MinuteScheduleProps {
  readonly handler: LambdaFunction;
}

/**
 * Calls the sweep each minute. A tick that could not be delivered is tried again for a minute only: the next one does its work.
 * The input is explicit, because what Scheduler sends without one is not documented.
 */
export class MinuteSchedule extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { handler }: MinuteScheduleProps) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    handler.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    const { deadLetters } = this;
    const role = schedulerRole(this, 'Role', { what: 'the sweep', handler, deadLetters });
    const schedule = new CfnSchedule(this, 'Schedule', {
      name: 'plimsoll-sweep',
      description: 'Asks every target that is awake.',
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: handler.functionArn,
        roleArn: role.roleArn,
        deadLetterConfig: { arn: this.deadLetters.queueArn },
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 60 },
        input: JSON.stringify({
          kind: 'sweep',
          scheduleArn: ContextAttribute.scheduleArn,
          scheduledTime: ContextAttribute.scheduledTime,
          executionId: ContextAttribute.executionId,
          attemptNumber: ContextAttribute.attemptNumber,
        }),
      },
    });
    // Scheduler checks at creation that the role may already do what the schedule asks of it.
    schedule.node.addDependency(role);
  }
}
