import type { ControllerEvent } from '../core/controller-event.ts';
import type { TargetId } from '../core/target.ts';
import type { RelayDeps } from './deps.ts';

/**
 * Carries events out of the outbox: into the history, then to the sinks, and only then off the head. A crash in between
 * repeats the earlier steps; the history ignores repeats, and consumers of the sinks tell them by the event id.
 */
export async function relayEvents(
  deps: RelayDeps,
  target: TargetId,
  events: readonly ControllerEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await deps.events.append(events);
  for (const sink of deps.sinks) await sink.publish(events);
  await deps.outbox.acknowledge(
    target,
    events.map(({ id }) => id),
  );
}
