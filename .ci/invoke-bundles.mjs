/**
 * Loads every built function and calls it once on the Node that runs this file, with the services it speaks to played on
 * loopback: proof that the bundles, the chunks that they load on demand included, work on the Node they are deployed on.
 * Node's built-ins only, so that any Node can run it without the project's modules: `node .ci/invoke-bundles.mjs`.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { env } from 'node:process';
import { playAws } from './played-aws.mjs';

const functionsDir = new URL('../dist/functions/', import.meta.url);
const {
  policies: [policy],
} = JSON.parse(readFileSync(new URL('policies.json', functionsDir), 'utf8'));
const { cluster, service } = policy.target;
const clusterArn = `arn:aws:ecs:eu-west-1:111122223333:cluster/${cluster}`;
const serviceArn = `arn:aws:ecs:eu-west-1:111122223333:service/${cluster}/${service}`;

const { server, calls, table } = playAws({ policy, clusterArn, serviceArn });

const envelope = (source, detailType, resources, detail) => ({
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': detailType,
  source,
  account: '111122223333',
  time: new Date().toISOString(),
  region: 'eu-west-1',
  resources,
  detail,
});

const sqs = (...bodies) => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index}`,
    receiptHandle: 'handle',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:events',
    awsRegion: 'eu-west-1',
  })),
});

const alarmName = `plimsoll-${policy.name}-${policy.strategies[0].metric.id}-out`;
const stateOf = (value) => ({ value, reason: 'bundles are tried', timestamp: new Date().toISOString() });
const alarmEvent = envelope(
  'aws.cloudwatch',
  'CloudWatch Alarm State Change',
  [`arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${alarmName}`],
  { alarmName, state: stateOf('ALARM'), previousState: stateOf('OK'), configuration: { metrics: [] } },
);
const steadyState = envelope('aws.ecs', 'ECS Service Action', [serviceArn], {
  eventType: 'INFO',
  eventName: 'SERVICE_STEADY_STATE',
  clusterArn,
  createdAt: new Date().toISOString(),
});
const created = envelope('aws.rds', 'RDS DB Instance Event', ['arn:aws:rds:eu-west-1:111122223333:db:x'], {
  EventID: 'RDS-EVENT-0005',
  SourceArn: 'arn:aws:rds:eu-west-1:111122223333:db:x',
});
const increased = envelope('aws.elasticache', 'AWS API Call via CloudTrail', [], {
  eventName: 'IncreaseReplicaCount',
  requestParameters: { replicationGroupId: 'x' },
});

const target = `ecs-service/${cluster}/${service}`;
const scalingEvent = {
  id: `${target}@1.0`,
  type: 'ScalingCompleted',
  at: Date.now(),
  target,
  policy: policy.name,
  resizeId: 'r1',
  decisionId: 'd1',
  signalId: 's1',
  cause: 'policy',
  from: policy.bounds.min,
  to: policy.bounds.min + 1,
  reason: 'The bundles are tried.',
  owner: null,
};
const STATE = {
  size: policy.bounds.min,
  resize: null,
  lastOut: null,
  lastIn: null,
  failures: null,
  recommendations: [],
  scaleEvents: [],
  overrides: [],
  held: null,
  misses: 0,
  quietSince: null,
  wakeAt: null,
};
const headKeys = { pk: { S: `target#${target}` }, sk: { S: 'head' } };
const headRecord = {
  eventID: '1',
  eventName: 'MODIFY',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'eu-west-1',
  eventSourceARN: 'arn:aws:dynamodb:eu-west-1:111122223333:table/plimsoll/stream/2026-11-20T00:00:00.000',
  dynamodb: {
    ApproximateCreationDateTime: Date.now() / 1000,
    Keys: headKeys,
    NewImage: {
      ...headKeys,
      version: { N: '1' },
      state: { S: JSON.stringify(STATE) },
      outbox: {
        M: {
          [scalingEvent.id]: {
            M: { version: { N: '1' }, index: { N: '0' }, event: { S: JSON.stringify(scalingEvent) } },
          },
        },
      },
    },
    SequenceNumber: '100000000000000000001',
    SizeBytes: 500,
    StreamViewType: 'NEW_IMAGE',
  },
};

const http = (method, path, body) => ({
  version: '2.0',
  routeKey: 'ANY /{proxy+}',
  rawPath: path.split('?')[0],
  rawQueryString: path.split('?')[1] ?? '',
  headers: { 'content-type': 'application/json', host: 'api.example.com' },
  requestContext: {
    accountId: '111122223333',
    apiId: 'api',
    domainName: 'api.example.com',
    http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.9', userAgent: 'ci' },
    requestId: 'request-1',
    stage: '$default',
    timeEpoch: Date.now(),
    authorizer: { iam: { userArn: 'arn:aws:sts::111122223333:assumed-role/ops/ci' } },
  },
  isBase64Encoded: false,
  ...(body === undefined ? {} : { body }),
});

const SCALE = '/api/infrastructure/scaling/scale';
const EVENTS = '/api/infrastructure/scaling/events';
const RECEIPTS = '/api/infrastructure/scaling/receipts';

const answered = (status, check) => (answer) => {
  assert.equal(answer.statusCode, status, answer.body);
  check(JSON.parse(answer.body));
};
const nothingFailed = (answer) => assert.deepEqual(answer.batchItemFailures, []);

/** Each function: what it is called with, what it must answer, which operations it must have called, and the heads in the table. */
const CASES = [
  ['alarm', 'a message that is not JSON', sqs('{'), nothingFailed, []],
  [
    'alarm',
    `alarm ${alarmName}`,
    sqs(alarmEvent),
    nothingFailed,
    ['BatchGetItem', 'DescribeServices', 'GetMetricData'],
  ],
  ['settle', `steady state of ${service}`, sqs(steadyState), nothingFailed, ['BatchGetItem']],
  ['settle', 'a database and a cache that no policy names', sqs(created, increased), nothingFailed, []],
  ['sweep', 'a tick', { kind: 'sweep' }, (report) => assert.deepEqual(report?.failed ?? [], []), ['Query']],
  [
    'warm',
    'a steady state, which no plan waits for',
    steadyState,
    (nothing) => assert.equal(nothing, undefined),
    [],
  ],
  [
    'relay',
    'a head with one event',
    { Records: [headRecord] },
    nothingFailed,
    ['BatchGetItem', 'PutItem', 'PutEvents', 'PublishBatch', 'UpdateItem'],
    [headRecord.dynamodb.NewImage],
  ],
  [
    'api',
    'GET /health',
    http('GET', '/health'),
    answered(200, ({ data }) => assert.equal(data.status, 'ok')),
    ['BatchGetItem'],
  ],
  [
    'api',
    'GET events',
    http('GET', EVENTS),
    answered(200, ({ data }) => assert.deepEqual(data.events, [])),
    ['Query'],
  ],
  [
    'api',
    'GET receipts',
    http('GET', `${RECEIPTS}?target=${policy.name}`),
    answered(200, ({ data }) => assert.deepEqual(data.receipts, [])),
    ['Query'],
  ],
  [
    'api',
    'a body that is not JSON',
    http('POST', SCALE, '{'),
    answered(400, ({ success }) => assert.equal(success, false)),
    [],
  ],
  [
    'api',
    'a size that is no number',
    http('POST', SCALE, JSON.stringify({ service: policy.name, instances: '3', reason: 'ci' })),
    answered(400, ({ error }) => assert.match(error.message, /instances/)),
    [],
  ],
  [
    'api',
    'a path that is not there',
    http('GET', '/nowhere'),
    answered(404, ({ success }) => assert.equal(success, false)),
    [],
  ],
];

const context = (name) => ({
  awsRequestId: 'request-1',
  functionName: `plimsoll-${name}`,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:plimsoll-${name}`,
  memoryLimitInMB: '512',
  logGroupName: `/plimsoll/${name}`,
  logStreamName: 'ci',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 20_000,
});

const write = process.stdout.write.bind(process.stdout);

/** Calls one function; what it logs is shown only when the case fails. */
async function tryCase([name, what, event, check, operations, inTable = []]) {
  table.heads = inTable;
  const logged = [];
  process.stdout.write = (text) => logged.push(text) > 0;
  calls.length = 0;
  try {
    const { handler } = await import(new URL(`${name}/handler.mjs`, functionsDir).href);
    check(await handler(event, context(name)));
    for (const operation of operations)
      assert.ok(calls.includes(operation), `no ${operation} among ${calls}`);
    return true;
  } catch (error) {
    process.stderr.write(`${logged.join('')}${name}, ${what}: ${error.stack}\n`);
    return false;
  } finally {
    process.stdout.write = write;
    write(`${name}: ${what} (${calls.join(', ') || 'no calls'})\n`);
  }
}

await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
Object.assign(env, {
  AWS_ENDPOINT_URL: `http://127.0.0.1:${server.address().port}`,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_EC2_METADATA_DISABLED: 'true',
  TABLE_NAME: 'plimsoll',
  METRICS_NAMESPACE: 'Plimsoll',
  EVENT_BUS_NAME: 'plimsoll',
  TOPIC_ARN: 'arn:aws:sns:eu-west-1:111122223333:plimsoll',
  EVENT_RETENTION_DAYS: '90',
  PLIMSOLL_VERSION: '0.0.0',
});
const results = [];
for (const each of CASES) results.push(await tryCase(each));
// What is loaded on demand, drivers of databases and caches among it, must load here as well.
const chunks = readdirSync(new URL('chunks/', functionsDir)).filter((file) => file.endsWith('.mjs'));
for (const chunk of chunks) await import(new URL(`chunks/${chunk}`, functionsDir).href);
server.close();
server.closeAllConnections();
const failed = results.filter((passed) => !passed).length;
write(
  `${results.length - failed} of ${results.length} calls passed, and ${chunks.length} chunks loaded, on Node ${process.version}\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
