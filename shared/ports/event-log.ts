import type { ControllerEvent, ControllerEventType } from '../core/controller-event.ts';
import type { TargetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';

/** Which events to list. */
export interface EventQuery {
  readonly target?: TargetId;
  readonly type?: ControllerEventType;
  /** Inclusive. */
  readonly since?: Instant;
  /** Exclusive. */
  readonly until?: Instant;
  readonly order: 'newest-first' | 'oldest-first';
  /** 1 to 100 events a page. */
  readonly limit: number;
  /** Where the last page ended; opaque. */
  readonly cursor?: string;
}

/** A page of events; `cursor` is null on the last one. */
export interface EventPage {
  readonly events: readonly ControllerEvent[];
  readonly cursor: string | null;
}

/** The history of scaling events. */
export interface EventLog {
  /** Stores events; an event stored before stays as it is, so a repeat is harmless. */
  append(events: readonly ControllerEvent[]): Promise<void>;
  /**
   * Lists events by time; expired ones are left out even before the store has deleted them.
   * @throws ControllerError `invalid` when the cursor is not one of ours.
   */
  list(query: EventQuery): Promise<EventPage>;
}
