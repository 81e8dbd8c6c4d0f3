import { Duration, Validations } from 'aws-cdk-lib';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ControllerFunction } from './controller-function.ts';

/** A queue whose messages nobody takes but people: each one is a fault, and rings an alarm. */
export function deadLetterQueue(scope: Construct, id: string): Queue {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is a dead-letter queue itself: of a queue, a schedule or an event source mapping.',
  });
  return queue;
}

/** Who reads the queue. */
export interface EventQueueProps {
  readonly reader: ControllerFunction;
}

/**
 * Events from EventBridge on their way to a function. What cannot be delivered, and what fails five times, ends in the dead-letter
 * queue. The visibility timeout is six times the function's, as Lambda asks for (Lambda guide, "Using Lambda with Amazon SQS").
 */
export class EventQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { reader }: EventQueueProps) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // An event is a reason to look, and the look is at the present: a day later the sweep has long looked.
      retentionPeriod: Duration.days(1),
      visibilityTimeout: Duration.seconds(reader.timeout.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    reader.allow(
      ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      [this.queue.queueArn],
    );
    reader.handler.addEventSourceMapping(id, {
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      // Bounds the load on the services that are asked, when many alarms change at once.
      maxConcurrency: 5,
    });
  }

  /** Sends the events that match one of these patterns of the default bus here; only the rules made for it may write to the queue. */
  receive(name: string, patterns: readonly EventPattern[]): void {
    const rules = patterns.map((eventPattern, index) => {
      const rule = new Rule(this, `${name}${index}`, { eventPattern });
      rule.addTarget({
        bind: () => ({
          arn: this.queue.queueArn,
          deadLetterConfig: { arn: this.deadLetters.queueArn },
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
        }),
      });
      return rule.ruleArn;
    });
    if (rules.length > 0) this.accept(rules);
  }

  /** One statement for all rules: a queue policy takes no more than twenty. */
  private accept(rules: readonly string[]): void {
    for (const queue of [this.queue, this.deadLetters]) {
      queue.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': rules } },
        }),
      );
    }
  }
}
