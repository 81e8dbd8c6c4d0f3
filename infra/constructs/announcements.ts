import { EventBus } from 'aws-cdk-lib/aws-events';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ControllerFunction } from './controller-function.ts';

/** The name of the bus that scaling events are published on. */
export const BUS_NAME = 'plimsoll';

/**
 * Where scaling events go out. A bus of its own costs nothing while nothing is published, keeps the right to publish down to one
 * bus, and keeps our events away from rules that listen to the default bus.
 */
export class Announcements extends Construct {
  readonly bus: EventBus;
  readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: BUS_NAME,
      description: 'Scaling events of Plimsoll.',
    });
    this.topic = new Topic(this, 'Topic', {
      displayName: 'Plimsoll scaling events',
      enforceSSL: true,
      masterKey: Alias.fromAliasName(this, 'SnsKey', 'alias/aws/sns'),
    });
  }

  /** Lets a function publish to both. The AWS managed key serves every principal of the account through SNS, so it needs no grant. */
  grantPublish(publisher: ControllerFunction): void {
    publisher.allow(['events:PutEvents'], [this.bus.eventBusArn]);
    publisher.allow(['sns:Publish'], [this.topic.topicArn]);
  }
}
