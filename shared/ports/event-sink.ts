import type { ControllerEvent } from '../core/controller-event.ts';

/** Tells the world: EventBridge, SNS. At least once; consumers tell repeats by the event id. */
export interface EventSink {
  publish(events: readonly ControllerEvent[]): Promise<void>;
}
