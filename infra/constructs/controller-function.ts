import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionEnvironment, FunctionName } from '../../shared/config/function-env.ts';

/** What sets one function of the controller apart from the others. */
export interface ControllerFunctionProps<N extends FunctionName = FunctionName> {
  readonly name: N;
  readonly description: string;
  readonly code: Code;
  /** Typed by the schema that the function itself reads its environment with. */
  readonly environment: FunctionEnvironment<N>;
  readonly timeout: Duration;
  readonly memorySize: number;
  /** Whether it evaluates targets: reads their metrics, and asks who else scales them. */
  readonly evaluates: boolean;
}

/**
 * A function with a role and a log group of its own. The role gets what is granted to it, statement by statement, and no AWS
 * managed policy. No function reserves concurrency: in a young account with a quota of 10 that makes the deployment fail, and two
 * that run at once are harmless, because every commit is conditional.
 */
export class ControllerFunction<N extends FunctionName = FunctionName> extends Construct {
  readonly name: N;
  readonly role: Role;
  readonly handler: LambdaFunction;
  readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: ControllerFunctionProps<N>) {
    super(scope, id);
    this.name = props.name;
    this.timeout = props.timeout;
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/plimsoll/${props.name}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Plimsoll: function ${props.name}`,
    });
    logGroup.grantWrite(this.role);
    if (props.evaluates) {
      this.role.addToPolicy(
        new PolicyStatement({
          actions: ['cloudwatch:GetMetricData', 'application-autoscaling:DescribeScalableTargets'],
          resources: ['*'],
        }),
      );
    }
    this.handler = new LambdaFunction(this, 'Function', {
      functionName: `plimsoll-${props.name}`,
      description: props.description,
      code: props.code,
      handler: `${props.name}/handler.handler`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      environment: variables(props.environment),
      timeout: props.timeout,
      memorySize: props.memorySize,
      role: this.role,
      logGroup,
      tracing: Tracing.ACTIVE,
    });
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'xray:PutTraceSegments, xray:PutTelemetryRecords, cloudwatch:GetMetricData and application-autoscaling:DescribeScalableTargets support no resource-level permissions (Service Authorization Reference); no other statement names *.',
    });
  }

  /** Allows actions on exactly these ARNs. */
  allow(actions: readonly string[], resources: readonly string[]): void {
    this.role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }
}

/** The variables that have a value. */
function variables(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
