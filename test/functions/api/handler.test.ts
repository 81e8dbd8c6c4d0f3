import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import { describe, expect, it } from 'vitest';
import { callerOf, requestIdOf } from '../../../functions/api/caller.ts';
import { createApi } from '../../../functions/runtime/api/app.ts';
import { lambdaHandler } from '../../../functions/runtime/lambda-handler.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { ARuntime, aContext } from '../../support/a-runtime.ts';
import { AWorld } from '../../support/a-world.ts';

type Authorizer = Readonly<Record<string, unknown>>;

/** A call as API Gateway hands it over (HTTP API, payload format 2.0). */
function aCall(method: string, path: string, query: string, authorizer: Authorizer, body: string | null) {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { 'content-type': 'application/json', host: 'abc123defg.execute-api.eu-west-1.amazonaws.com' },
    requestContext: {
      accountId: '111122223333',
      apiId: 'abc123defg',
      authorizer,
      domainName: 'abc123defg.execute-api.eu-west-1.amazonaws.com',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.9', userAgent: 'curl/8.9' },
      requestId: 'JKJaXmPLvHcESHA=',
      stage: '$default',
    },
    isBase64Encoded: body !== null,
    body: body === null ? null : Buffer.from(body).toString('base64'),
  } as unknown as LambdaEvent;
}

const ARN = 'arn:aws:sts::111122223333:assumed-role/ops/x';
const BY_IAM = { iam: { userArn: ARN, accessKey: 'AKIAEXAMPLE', callerId: 'AROAEXAMPLE:x' } };
const SCALE = '/api/infrastructure/scaling/scale';
const WISH = JSON.stringify({ service: 'web', instances: 6, reason: 'sale at noon' });

function aFunction() {
  const world = new AWorld([aPolicy()]);
  const runtime = new ARuntime();
  const app = createApi({
    controller: world.deps,
    events: world.events,
    failover: world.failover,
    version: '1.2.3',
    ownerOf: callerOf,
    requestIdOf,
    log: runtime.log,
  });
  const answer = handle(app);
  const handler = lambdaHandler(runtime, (event: LambdaEvent, context: LambdaContext) =>
    answer(event, context),
  );
  const call = async (event: LambdaEvent) => {
    const { statusCode, body, headers } = await handler(event, aContext());
    return { statusCode, headers, body: JSON.parse(body) };
  };
  return { world, runtime, call };
}

describe('the API behind API Gateway', () => {
  it('reads a base64 body, and names the IAM identity as the owner', async () => {
    const { world, call } = aFunction();
    const { statusCode, body } = await call(aCall('POST', SCALE, '', BY_IAM, WISH));
    expect(statusCode).toBe(202);
    expect(body.data.event.owner).toBe(ARN);
    expect(world.service.desired).toBe(6);
  });

  it('names the subject of a token as the owner', async () => {
    const { call } = aFunction();
    const byToken = { jwt: { claims: { sub: 'u-1', scope: 'scale' }, scopes: ['scale'] } };
    const { body } = await call(aCall('POST', SCALE, '', byToken, WISH));
    expect(body.data.event.owner).toBe('u-1');
  });

  it('reads the query, and answers with the request id of API Gateway', async () => {
    const { runtime, call } = aFunction();
    const query = 'limit=5&since=2026-11-20T09%3A00%3A00Z';
    const { statusCode, headers, body } = await call(
      aCall('GET', '/api/infrastructure/scaling/events', query, BY_IAM, null),
    );
    expect(statusCode).toBe(200);
    expect(headers['x-request-id']).toBe('JKJaXmPLvHcESHA=');
    expect(body).toEqual({ success: true, data: { events: [], cursor: null } });
    expect(runtime.log.lines[0]?.fields).toMatchObject({ requestId: 'JKJaXmPLvHcESHA=' });
  });

  it('never logs credentials or bodies', async () => {
    const { runtime, call } = aFunction();
    await call(aCall('POST', SCALE, '', BY_IAM, WISH.replace('6', '"secret"')));
    expect(JSON.stringify(runtime.log.lines)).not.toMatch(/AKIAEXAMPLE|secret/);
  });
});
