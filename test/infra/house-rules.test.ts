import { describe, expect, it } from 'vitest';
import { CONTROLLER_METRICS, type ControllerMetric } from '../../shared/config/telemetry-names.ts';
import { nagViolations, type Resource, referred, synthesize } from './synthesize.ts';

const deployment = synthesize();
const entries = (type: string) => Object.entries(deployment.resources(type));

/** Logical ids of the queues that take what others could not process. */
const deadLetterQueues = new Set(
  [
    ...entries('AWS::SQS::Queue').map(
      ([, { Properties }]) =>
        (Properties['RedrivePolicy'] as { deadLetterTargetArn?: unknown } | undefined)?.deadLetterTargetArn,
    ),
    ...entries('AWS::Lambda::EventSourceMapping').map(
      ([, { Properties }]) =>
        (Properties['DestinationConfig'] as { OnFailure?: { Destination: unknown } } | undefined)?.OnFailure
          ?.Destination,
    ),
    ...entries('AWS::Scheduler::Schedule').map(
      ([, { Properties }]) =>
        (Properties['Target'] as { DeadLetterConfig: { Arn: unknown } }).DeadLetterConfig.Arn,
    ),
  ].flatMap((arn) => (arn === undefined ? [] : [referred(arn)])),
);

/** Logical ids that the dimensions of the alarms on one metric name. */
function watched(metric: string): readonly (string | undefined)[] {
  return entries('AWS::CloudWatch::Alarm')
    .filter(([, { Properties }]) => Properties['MetricName'] === metric)
    .flatMap(([, { Properties }]) => Properties['Dimensions'] as readonly { Value: unknown }[])
    .map(({ Value }) => referred(Value));
}

const property = ({ Properties }: Resource, name: string) => Properties[name] as never;

describe('the house rules of the stack', () => {
  it('has nothing that the AwsSolutions pack objects to', () => {
    expect(nagViolations(deployment)).toEqual([]);
  });

  it('gives every queue a dead-letter queue, or it is one', () => {
    const queues = entries('AWS::SQS::Queue');
    expect(queues.length).toBeGreaterThanOrEqual(6);
    for (const [id, queue] of queues) {
      expect(deadLetterQueues.has(id) || property(queue, 'RedrivePolicy') !== undefined, id).toBe(true);
    }
  });

  it('rings an alarm for every dead-letter queue', () => {
    const alarmed = watched('ApproximateNumberOfMessagesVisible');
    expect([...deadLetterQueues].filter((id) => !alarmed.includes(id))).toEqual([]);
    expect(deadLetterQueues.size).toBe(4);
  });

  it('refuses plain HTTP on every queue and topic', () => {
    const denied = [...entries('AWS::SQS::QueuePolicy'), ...entries('AWS::SNS::TopicPolicy')]
      .filter(([, policy]) => JSON.stringify(policy).includes('"aws:SecureTransport":"false"'))
      .flatMap(([, policy]) => (policy.Properties['Queues'] ?? policy.Properties['Topics']) as unknown[])
      .map(referred);
    const all = [...entries('AWS::SQS::Queue'), ...entries('AWS::SNS::Topic')].map(([id]) => id);
    expect(denied.sort()).toEqual(all.sort());
  });

  it('gives every function an error alarm, a log group with retention and a role of its own', () => {
    const functions = entries('AWS::Lambda::Function');
    const groups = deployment.resources('AWS::Logs::LogGroup');
    const alarmed = watched('Errors');
    expect(functions).toHaveLength(5);
    for (const [id, lambda] of functions) {
      expect(alarmed, id).toContain(id);
      const group =
        groups[referred((property(lambda, 'LoggingConfig') as { LogGroup: unknown }).LogGroup) ?? ''];
      expect(group?.Properties['RetentionInDays'], id).toBe(30);
    }
    expect(new Set(functions.map(([, lambda]) => referred(property(lambda, 'Role')))).size).toBe(5);
  });

  it('counts the throttles of every function', () => {
    const throttles = entries('AWS::CloudWatch::Alarm').find(
      ([, { Properties }]) => Properties['AlarmName'] === 'watch-plimsoll-throttles',
    );
    for (const [id] of entries('AWS::Lambda::Function'))
      expect(JSON.stringify(throttles)).toContain(`"${id}"`);
  });

  it('runs every function on Node 24 and arm64, traced, without reserving concurrency', () => {
    for (const [, lambda] of entries('AWS::Lambda::Function')) {
      expect(lambda.Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
      });
      expect(lambda.Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  it('hides a message for six times as long as its reader may take, and reports failures one by one', () => {
    const mappings = entries('AWS::Lambda::EventSourceMapping').map(([, mapping]) => mapping.Properties);
    const queues = deployment.resources('AWS::SQS::Queue');
    const functions = deployment.resources('AWS::Lambda::Function');
    expect(mappings).toHaveLength(3);
    for (const mapping of mappings) {
      expect(mapping['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
      const queue = queues[referred(mapping['EventSourceArn']) ?? ''];
      const reader = functions[referred(mapping['FunctionName']) ?? ''];
      if (queue === undefined) continue;
      const timeout = reader?.Properties['Timeout'] as number;
      expect(queue.Properties['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * timeout);
    }
  });

  it('watches metrics of its own that the controller publishes, under their whole name', () => {
    const own = entries('AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties)
      .filter((alarm) => alarm['Namespace'] === 'Plimsoll');
    expect(own.length).toBeGreaterThan(0);
    for (const alarm of own) {
      // A metric with dimensions is another one: the alarm would wait for data for ever.
      expect(CONTROLLER_METRICS[alarm['MetricName'] as ControllerMetric].dimensions).toEqual([]);
      expect(alarm).not.toHaveProperty('Dimensions');
    }
    for (const [, lambda] of entries('AWS::Lambda::Function')) {
      expect(lambda.Properties['Environment']).toMatchObject({
        Variables: { METRICS_NAMESPACE: 'Plimsoll' },
      });
    }
  });

  it('reports every alarm on itself to the attention topic, under names that do not wake the controller', () => {
    for (const [, alarm] of entries('AWS::CloudWatch::Alarm')) {
      expect(alarm.Properties['AlarmName']).toMatch(/^watch-plimsoll-/);
      expect(alarm.Properties['AlarmActions']).toHaveLength(1);
      expect(alarm.Properties['OKActions']).toHaveLength(1);
    }
  });

  it('names no AWS managed policy in any role', () => {
    for (const [, role] of entries('AWS::IAM::Role'))
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('tags what it makes', () => {
    const tagged = entries('AWS::Lambda::Function').map(([, { Properties }]) => Properties['Tags']);
    for (const tags of tagged) expect(tags).toContainEqual({ Key: 'plimsoll:managed', Value: 'true' });
  });
});
