import type { ControllerEvent } from '../../core/controller-event.ts';
import type { EventSink } from '../../ports/event-sink.ts';

/** Keeps every event that was published, repeats included. */
export class RecordingSink implements EventSink {
  readonly published: ControllerEvent[] = [];

  async publish(events: readonly ControllerEvent[]): Promise<void> {
    this.published.push(...events);
  }
}
