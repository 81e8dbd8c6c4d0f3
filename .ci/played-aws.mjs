/** The services that a function speaks to, played on loopback for `invoke-bundles.mjs`: they know one policy's service. */
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** An AWS that answers what the functions ask; `calls` are the operations so far, `table.heads` what the ledger holds. */
export function playAws({ policy, clusterArn, serviceArn }) {
  const table = { heads: [] };
  const calls = [];
  const answers = answersOf({ policy, clusterArn, serviceArn, table });
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
    const target = request.headers['x-amz-target'];
    const operation = target?.split('.').at(-1) ?? new URLSearchParams(body).get('Action');
    calls.push(operation);
    if (operation === 'PublishBatch') return response.end(publishBatch(new URLSearchParams(body)));
    const answer = answers[operation];
    response.setHeader('content-type', request.headers['content-type'] ?? 'application/json');
    if (answer === undefined) {
      response.statusCode = 400;
      return response.end(
        JSON.stringify({ __type: 'UnknownOperationException', message: String(operation) }),
      );
    }
    response.end(JSON.stringify(answer(JSON.parse(body))));
  });
  return { server, calls, table };
}

/** What the services answer, by the operation that is called. */
const answersOf = ({ policy, clusterArn, serviceArn, table }) => ({
  BatchGetItem: () => ({ Responses: { plimsoll: table.heads }, UnprocessedKeys: {} }),
  PutItem: () => ({}),
  UpdateItem: () => ({}),
  Query: () => ({ Items: [], Count: 0, ScannedCount: 0 }),
  DescribeServices: ({ services }) => ({
    services: services.map((name) => ({
      serviceArn: name.startsWith('arn:')
        ? name
        : `${serviceArn.slice(0, serviceArn.lastIndexOf('/') + 1)}${name}`,
      serviceName: name.split('/').at(-1),
      clusterArn,
      status: 'ACTIVE',
      desiredCount: policy.bounds.min,
      runningCount: policy.bounds.min,
      pendingCount: 0,
      deployments: [
        {
          id: 'ecs-svc/1',
          status: 'PRIMARY',
          rolloutState: 'COMPLETED',
          desiredCount: policy.bounds.min,
          runningCount: policy.bounds.min,
          pendingCount: 0,
          failedTasks: 0,
        },
      ],
    })),
    failures: [],
  }),
  UpdateService: () => ({ service: { serviceArn } }),
  GetMetricData: () => ({ MetricDataResults: [], Messages: [] }),
  PutEvents: ({ Entries }) => ({
    FailedEntryCount: 0,
    Entries: Entries.map((_, i) => ({ EventId: `e${i}` })),
  }),
});

function publishBatch(form) {
  const ids = [...form].filter(([name]) => /\.Id$/.test(name)).map(([, id]) => id);
  const members = ids.map((id) => `<member><Id>${id}</Id><MessageId>m-${id}</MessageId></member>`).join('');
  return `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Failed/><Successful>${members}</Successful></PublishBatchResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishBatchResponse>`;
}
