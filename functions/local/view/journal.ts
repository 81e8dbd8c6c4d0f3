import type { ControllerEvent } from '../../../shared/core/controller-event.ts';
import { explainBriefly } from '../../../shared/core/explain.ts';
import { type Instant, timeOfDay } from '../../../shared/core/time.ts';
import type { DecisionRecord } from '../../../shared/ports/telemetry.ts';

/** One line of what the controller did, for people. */
export interface JournalLine {
  readonly at: Instant;
  readonly policy: string;
  readonly what: string;
  readonly why: string;
  /** Whether it says that nothing is to be done: of two in a row only the later one is worth its line. */
  readonly isQuiet?: boolean;
}

/** Holds that wait for nothing. */
const QUIET: readonly string[] = ['at-desired', 'within-tolerance', 'at-minimum', 'at-maximum'];

/** How a journal line reads. */
export const lineOf = ({ at, policy, what, why }: JournalLine): string =>
  `${timeOfDay(at)}  ${policy}  ${what}  ${why}`;

/** A decision as a line. */
export const decisionLine = ({ policy, decision }: DecisionRecord, at: Instant): JournalLine => ({
  at,
  policy: policy.name,
  what:
    decision.kind === 'resize'
      ? `resize ${decision.from} → ${decision.to}`
      : `hold at ${decision.size} (${decision.reason})`,
  why: explainBriefly(decision),
  ...(decision.kind === 'hold' && QUIET.includes(decision.reason) ? { isQuiet: true } : {}),
});

/** An event as a line. */
export const eventLine = ({ at, policy, type, from, to, reason }: ControllerEvent): JournalLine => ({
  at,
  policy,
  what: from === null || to === null ? type : `${type} ${from} → ${to}`,
  why: reason,
});

/** The latest lines; a hold that repeats, or that says as little, takes the place of the one before. */
export class Journal {
  readonly #length: number;
  #lines: readonly JournalLine[] = [];

  /** Keeps `length` lines. */
  constructor(length: number) {
    this.#length = length;
  }

  /** Adds a line. */
  add(line: JournalLine): void {
    const repeats = ({ what, isQuiet = false }: JournalLine) =>
      what === line.what || (isQuiet && line.isQuiet === true);
    const last = this.#lines.findLast(({ policy }) => policy === line.policy);
    const kept =
      last !== undefined && repeats(last) ? this.#lines.filter((other) => other !== last) : this.#lines;
    this.#lines = [...kept, line].slice(-this.#length);
  }

  /** Oldest first. */
  lines(): readonly JournalLine[] {
    return this.#lines;
  }
}
