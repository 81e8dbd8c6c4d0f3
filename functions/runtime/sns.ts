import { SNSClient } from '@aws-sdk/client-sns';
import { clientOptions } from '../../shared/adapters/aws/client-options.ts';
import { snsSink } from '../../shared/adapters/aws/sns-sink.ts';
import type { EventSink } from '../../shared/ports/event-sink.ts';

/** A topic, through a client of its own. */
export const connectTopic = (arn: string): EventSink => snsSink(new SNSClient(clientOptions()), arn);
