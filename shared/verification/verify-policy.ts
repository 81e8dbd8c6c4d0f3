import type { Policy } from '../core/policy.ts';
import type { Instant } from '../core/time.ts';
import type { Calendar } from '../ports/calendar.ts';
import { type Case, caseOf } from './case.ts';
import { bounds } from './checks/bounds.ts';
import { flapping } from './checks/flapping.ts';
import { hiddenScaleIn } from './checks/hidden-scale-in.ts';
import { maintenance } from './checks/maintenance.ts';
import { neverFires } from './checks/never-fires.ts';
import { schedule } from './checks/schedule.ts';
import type { Finding } from './finding.ts';
import { Lab } from './lab.ts';

/** Every check, in the order in which they report. */
const CHECKS: readonly ((subject: Case) => readonly Finding[])[] = [
  schedule, // what the windows say, before what is made of it
  flapping,
  neverFires,
  hiddenScaleIn,
];

/** What was found out about one policy. */
export interface Examination {
  readonly findings: readonly Finding[];
  /** How many decisions were looked at. */
  readonly decisions: number;
  /** How many minutes of its schedule were looked at. */
  readonly minutes: number;
}

/**
 * A bounded check of one policy with the real decision function, over sizes, loads, memories and the minutes of its
 * schedule from `now` on. The same policy and time give the same findings.
 */
export function verifyPolicy(policy: Policy, calendar: Calendar, now: Instant): Examination {
  const { opened, findings: never } = maintenance(policy, calendar, now);
  const lab = new Lab(policy, now, opened);
  const subject = caseOf(lab, calendar);
  // Of a size that can never change nothing else is worth saying.
  if (never.length > 0) return { findings: never, decisions: 0, minutes: subject.timeline.minutes };
  const first = bounds(subject);
  // A decision function that refuses its own result has nothing more to say.
  const broken = first.some(
    ({ receipts, message }) => receipts !== undefined || message.includes('leaves the bounds'),
  );
  const findings = broken ? first : [...first, ...CHECKS.flatMap((check) => check(subject))];
  return { findings, decisions: lab.decisions, minutes: subject.timeline.minutes };
}
