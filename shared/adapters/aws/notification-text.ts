import type { ControllerEvent, ControllerEventType } from '../../core/controller-event.ts';

const LONGEST_SUBJECT = 100;

const HEADLINES: Readonly<Record<ControllerEventType, string>> = {
  ScalingStarted: 'is being scaled',
  ScalingCompleted: 'was scaled',
  ScalingFailed: 'could not be scaled',
  ScalingSuperseded: 'has a newer size to go to',
  ScalingHeld: 'is held',
  OverrideSet: 'has an override',
  OverrideExpired: 'follows its policy again',
  OverrideCleared: 'has an override less',
  TargetDrifted: 'was resized by somebody else',
  TargetMissing: 'is missing',
  PromotionStarted: 'is about to have a replica promoted',
  ReplicaPromoted: 'had a replica promoted',
  PromotionFailed: 'could not have a replica promoted',
  WarmRequested: 'is to be warmed',
  WarmStarted: 'is being warmed',
  WarmCompleted: 'is warm',
  WarmFailed: 'could not be warmed',
  PlanStarted: 'has a plan under way',
  PlanCompleted: 'has its plan carried out',
  PlanStopped: 'has a plan that stands still',
  PlanResumed: 'has a plan that goes on',
};

/** What a notification is about, on one line: at most 100 printable ASCII characters, as SNS wants (API_Publish, Subject). */
export function subjectOf(event: ControllerEvent): string {
  const subject = `Plimsoll: ${event.policy} ${HEADLINES[event.type]}${sizes(event)}`;
  const ascii = subject.replace(/\s+/g, ' ').replace(/[^ -~]/g, '?');
  return ascii.length > LONGEST_SUBJECT ? `${ascii.slice(0, LONGEST_SUBJECT - 3)}...` : ascii;
}

/** A notification as people read it: the reason first, then the facts, one on a line. */
export function bodyOf(event: ControllerEvent): string {
  const facts: readonly (readonly [string, string | null])[] = [
    ['Target', event.target],
    ['Policy', event.policy],
    ['Event', event.type],
    ['Size', sizes(event).trim() || null],
    ['Cause', event.cause],
    ['Asked for by', event.owner],
    ['Time', new Date(event.at).toISOString()],
    ['Event id', event.id],
    ['Resize id', event.resizeId],
    ['Decision id', event.decisionId],
  ];
  const lines = facts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return [event.reason, '', ...lines].join('\n');
}

function sizes({ from, to }: ControllerEvent): string {
  if (to === null) return '';
  return from === null ? ` to ${to}` : ` from ${from} to ${to}`;
}
