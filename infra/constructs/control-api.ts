import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Who answers the API. */
export interface ControlApiProps {
  readonly handler: IFunction;
}

/**
 * The HTTP API. One route for every path, so that the function answers unknown paths too, in the envelope; each call is signed
 * with IAM credentials, and a caller's policy can still name single paths (`execute-api:Invoke`).
 */
export class ControlApi extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { handler }: ControlApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', {
      apiName: 'plimsoll',
      description: 'Scaling events, receipts, scaling by hand, overrides and emergencies.',
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
    });
    api.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Function', handler),
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 20, burstLimit: 40 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLogs', {
            logGroupName: '/plimsoll/api-access',
            retention: RetentionDays.ONE_MONTH,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            time: '$context.requestTime',
            caller: '$context.identity.userArn',
            sourceIp: '$context.identity.sourceIp',
            method: '$context.httpMethod',
            path: '$context.path',
            status: '$context.status',
            latencyMs: '$context.responseLatency',
            error: '$context.error.message',
          }),
        ),
      },
    });
    this.url = stage.url;
  }
}
