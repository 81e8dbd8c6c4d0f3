import type { ControllerEvent } from '../../../shared/core/controller-event.ts';
import type { Decision } from '../../../shared/core/decision.ts';
import type { EventSink } from '../../../shared/ports/event-sink.ts';

/** A decision, when it was taken and about whom. */
export interface DecisionTaken {
  readonly second: number;
  readonly policy: string;
  readonly decision: Decision;
}

/** A line of what happened. */
export interface Happened {
  readonly second: number;
  readonly what: string;
}

/** What a run came to: everything that expectations and the report look at. */
export class RunRecord implements EventSink {
  readonly seed: number;
  readonly seconds: number;
  readonly decisions: DecisionTaken[] = [];
  readonly events: { readonly second: number; readonly event: ControllerEvent }[] = [];
  readonly timeline: Happened[] = [];
  readonly problems: Happened[] = [];
  /** Answered calls of the AWS API, by operation and outcome. */
  readonly calls = new Map<string, Map<string, number>>();
  /** Calls of the controller into the outside world, where they are counted. */
  awaits = 0;
  readonly #series = new Map<string, Float64Array>();
  readonly #seen = new Set<string>();
  #second = 0;

  constructor(seed: number, seconds: number) {
    this.seed = seed;
    this.seconds = seconds;
  }

  /** The second that the run has reached. */
  get second(): number {
    return this.#second;
  }

  /** Moves on to the next second. */
  reach(second: number): void {
    this.#second = second;
  }

  /** Notes a line for the timeline. */
  note(what: string): void {
    this.timeline.push({ second: this.#second, what });
  }

  /** Notes something that the controller, or its account, could not do. */
  problem(what: string): void {
    this.problems.push({ second: this.#second, what });
  }

  /** Counts an answered call. */
  call(operation: string, outcome: string): void {
    const outcomes = this.calls.get(operation) ?? new Map<string, number>();
    this.calls.set(operation, outcomes);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  /** Keeps the values of this second. */
  sample(values: ReadonlyMap<string, number>): void {
    for (const [name, value] of values) {
      const series = this.#series.get(name) ?? new Float64Array(this.seconds + 1).fill(Number.NaN);
      this.#series.set(name, series);
      series[this.#second] = value;
    }
  }

  /** The value of a measure in a second, counted from the start; null = it was not there. */
  valueAt(name: string, second: number): number | null {
    const value = this.#series.get(name)?.[second];
    return value === undefined || Number.isNaN(value) ? null : value;
  }

  async publish(events: readonly ControllerEvent[]): Promise<void> {
    for (const event of events) {
      // Delivered at least once, so a second copy is the same event.
      if (this.#seen.has(event.id)) continue;
      this.#seen.add(event.id);
      this.events.push({ second: this.#second, event });
      this.timeline.push({ second: this.#second, what: eventLine(event) });
    }
  }
}

function eventLine({ type, policy, from, to, reason }: ControllerEvent): string {
  const sizes = from !== null && to !== null && from !== to ? ` ${from} → ${to}` : '';
  return `${policy} ${type}${sizes}: ${reason}`;
}
