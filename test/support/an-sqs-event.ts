import type { SQSEvent } from 'aws-lambda';

/** A batch as Lambda hands it over: each body a text as it is, anything else as JSON. Ids are `message-0`, `message-1` … */
export function anSqsEvent(...bodies: readonly unknown[]): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `message-${index}`,
      receiptHandle: `receipt-${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1795163467000',
        SenderId: 'AIDAEXAMPLE',
        ApproximateFirstReceiveTimestamp: '1795163467001',
      },
      messageAttributes: {},
      md5OfBody: '00000000000000000000000000000000',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:plimsoll-alarms',
      awsRegion: 'eu-west-1',
    })),
  };
}
