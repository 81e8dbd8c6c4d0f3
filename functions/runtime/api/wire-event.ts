import type { ControllerEvent } from '../../../shared/core/controller-event.ts';

/** A scaling event as the API answers with it: the event of the ledger with its time as ISO 8601, and three readings of it. */
export interface WireEvent extends Omit<ControllerEvent, 'at'> {
  readonly timestamp: string;
  /** What made it necessary; null where nothing was resized. */
  readonly trigger: ControllerEvent['cause'];
  readonly success: boolean;
}

/** Writes an event for the wire. */
export function toWire({ at, ...event }: ControllerEvent): WireEvent {
  const success = event.type !== 'ScalingFailed' && event.type !== 'TargetMissing';
  return { ...event, timestamp: new Date(at).toISOString(), trigger: event.cause, success };
}
