import { Duration, Validations } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, type Code } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionEnvironment } from '../../shared/config/function-env.ts';
import { schedulerCron } from '../../shared/config/scheduler-cron.ts';
import type { Policy } from '../../shared/core/policy.ts';
import type { WarmPlan, WarmSchedule } from '../../shared/core/warm-plan.ts';
import { deploymentPatterns, warmPatterns } from '../event-patterns.ts';
import type { NamedArn } from '../named-arn.ts';
import { grantWarming, warmsUpReplicas } from '../warm-rights.ts';
import type { Announcements } from './announcements.ts';
import { ControllerFunction } from './controller-function.ts';
import { deadLetterQueue } from './event-queue.ts';
import { schedulerRole } from './scheduler-role.ts';

/** What is warmed, and with what. */
export interface CacheWarmerProps {
  readonly code: Code;
  readonly environment: FunctionEnvironment<'warm'>;
  /** At least one; all of one network. */
  readonly plans: readonly WarmPlan[];
  readonly policies: readonly Policy[];
  /** The services whose deployments start a plan. */
  readonly deployed: readonly NamedArn[];
  readonly announcements: Announcements;
}

/** Node does not know the authorities of RDS; Lambda keeps them in this file, and since Node 20 reads it only when asked to. */
const CERTIFICATES = '/var/runtime/ca-cert.pem';

/** A run that was cut off is carried on when it is called again, so a call is worth more tries than its first minutes. */
const RETRIES = { attempts: 2, age: Duration.hours(1) } as const;

/**
 * The function that runs warm plans, in the network that the plans name. It is called by a schedule, by our own events, and by the
 * end of a deployment; whatever calls it twice at once is told that the plan runs already.
 */
export class CacheWarmer extends Construct {
  readonly function: ControllerFunction<'warm'>;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: CacheWarmerProps) {
    super(scope, id);
    const { plans, policies, announcements } = props;
    this.function = new ControllerFunction(this, 'Warm', {
      name: 'warm',
      description: 'Fills caches and new replicas before traffic comes.',
      code: props.code,
      environment: { ...props.environment, NODE_EXTRA_CA_CERTS: CERTIFICATES },
      // The longest that Lambda gives; a run that takes longer stores its progress and calls itself again.
      timeout: Duration.minutes(15),
      memorySize: 1024,
      evaluates: false,
    });
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    this.enterNetwork(plans);
    grantWarming(this.function, plans, policies);
    this.function.handler.configureAsyncInvoke({
      retryAttempts: RETRIES.attempts,
      maxEventAge: RETRIES.age,
      onFailure: new SqsDestination(this.deadLetters),
    });
    this.listen(announcements, props);
    this.schedule(plans);
  }

  /** The network as the plans name it: looking it up would need an account at synthesis. */
  private enterNetwork([first]: readonly WarmPlan[]): void {
    const { handler, role } = this.function;
    const { subnetIds = [], securityGroupIds = [] } = first?.network ?? {};
    const resource = handler.node.defaultChild;
    if (resource instanceof CfnFunction) {
      resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
    }
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
    const statement = new PolicyStatement({
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    });
    role.addToPolicy(statement);
    resource?.node.addDependency(role);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'Lambda manages the network interfaces of a function in a VPC under its role; the describe calls take no resource, and the interfaces have no names before they exist.',
    });
  }

  private listen({ bus }: Announcements, { plans, policies, deployed }: CacheWarmerProps): void {
    const target = new FunctionTarget(this.function.handler, {
      deadLetterQueue: this.deadLetters,
      maxEventAge: RETRIES.age,
      retryAttempts: 20,
    });
    const patterns = warmPatterns(plans, warmsUpReplicas(policies));
    patterns.forEach((eventPattern, index) => {
      new Rule(this, `Own${index}`, { eventBus: bus, eventPattern, targets: [target] });
    });
    deploymentPatterns(deployed).forEach((eventPattern, index) => {
      new Rule(this, `Deployment${index}`, { eventPattern, targets: [target] });
    });
  }

  private schedule(plans: readonly WarmPlan[]): void {
    const { handler } = this.function;
    if (plans.every(({ schedules }) => schedules.length === 0)) return;
    const { deadLetters } = this;
    const role = schedulerRole(this, 'Scheduler', { what: 'the function that warms', handler, deadLetters });
    for (const { name, schedules } of plans) {
      schedules.forEach((each, index) => {
        const schedule = new CfnSchedule(this, `${name}-${index}`, {
          description: `Runs the warm plan ${name}.`,
          ...timesOf(each),
          // Plans of one rhythm would all ask their databases in the same second.
          flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 1 },
          target: {
            arn: handler.functionArn,
            roleArn: role.roleArn,
            deadLetterConfig: { arn: this.deadLetters.queueArn },
            retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
            input: JSON.stringify({ kind: 'warm', plan: name, reason: 'on schedule' }),
          },
        });
        // Scheduler checks at creation that the role may already do what the schedule asks of it.
        schedule.node.addDependency(role);
      });
    }
  }
}

function timesOf(schedule: WarmSchedule) {
  if (schedule.kind === 'every') {
    const { minutes } = schedule;
    return { scheduleExpression: `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})` };
  }
  const scheduleExpression = schedulerCron(schedule.cron);
  if (scheduleExpression === null) throw new Error(`${schedule.cron} was not refused by validation.`);
  return { scheduleExpression, scheduleExpressionTimezone: schedule.timeZone };
}
