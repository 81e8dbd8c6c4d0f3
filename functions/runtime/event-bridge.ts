import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { clientOptions } from '../../shared/adapters/aws/client-options.ts';
import { eventBridgeSink } from '../../shared/adapters/aws/event-bridge-sink.ts';
import type { EventSink } from '../../shared/ports/event-sink.ts';

/** An event bus, through a client of its own. */
export const connectEventBus = (name: string): EventSink =>
  eventBridgeSink(new EventBridgeClient(clientOptions()), name);
