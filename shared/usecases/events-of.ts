import type { ControllerEvent, ControllerEventType } from '../core/controller-event.ts';
import type { TargetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';

/** An event before it has an identity: what is not given is null. */
export type EventDraft = Pick<ControllerEvent, 'type' | 'reason'> &
  Partial<Omit<ControllerEvent, 'id' | 'at' | 'target' | 'policy' | 'type' | 'reason'>>;

/** Drafts an event. */
export const draft = (
  type: ControllerEventType,
  reason: string,
  fields: Omit<EventDraft, 'type' | 'reason'> = {},
): EventDraft => ({ type, reason, ...fields });

/**
 * Gives drafts their identity. It is made of the target and the version that the commit will have, so that a retry of
 * the relay carries the same id, and two writers of one version can never both keep theirs.
 */
export function eventsOf(
  drafts: readonly EventDraft[],
  { target, policy }: { readonly target: TargetId; readonly policy: string },
  version: number,
  now: Instant,
): readonly ControllerEvent[] {
  return drafts.map((event, index) => ({
    resizeId: null,
    decisionId: null,
    signalId: null,
    cause: null,
    from: null,
    to: null,
    owner: null,
    ...event,
    id: `${target}@${version}.${index}`,
    at: now,
    target,
    policy,
  }));
}
