import type { AlarmSpec } from '../core/alarms.ts';
import { type Instant, instant } from '../core/time.ts';
import { evaluateAlarm, evaluationRange } from './alarm-evaluator.ts';
import { type AlarmStatus, freshStatus, statusAfter } from './alarm-event.ts';
import { PUBLISH_DELAY_SECONDS } from './metric-series.ts';
import type { PlantMetrics } from './plant-metrics.ts';

/** An alarm with its state. */
export interface AlarmView {
  readonly spec: AlarmSpec;
  readonly status: AlarmStatus;
}

/** A change of state, to be reported once. */
export interface AlarmChange extends AlarmView {
  readonly previous: AlarmStatus;
}

/** Alarms are evaluated a second after datapoints can be read: at :06 of the minute, or at 6 s of every 10. */
const EVALUATION_PHASE_SECONDS = PUBLISH_DELAY_SECONDS + 1;

/** The alarms of the simulated account: evaluated every 60 s, every 10 s where the period is shorter than a minute. */
export class PlantAlarms {
  readonly #metrics: PlantMetrics;
  readonly #status = new Map<string, AlarmStatus>();
  readonly #specs: readonly AlarmSpec[];
  readonly #quick: readonly AlarmSpec[];

  constructor(specs: readonly AlarmSpec[], metrics: PlantMetrics, start: Instant) {
    this.#specs = specs;
    this.#quick = specs.filter(({ periodSeconds }) => periodSeconds < 60);
    this.#metrics = metrics;
    for (const { name } of specs) this.#status.set(name, freshStatus(start));
  }

  /** All alarms, in the order of the policies. */
  views(): readonly AlarmView[] {
    return this.#specs.flatMap((spec) => {
      const status = this.#status.get(spec.name);
      return status === undefined ? [] : [{ spec, status }];
    });
  }

  /** Evaluates what is due in the second `second` since the epoch, and returns what changed its state. */
  evaluateAt(second: number): readonly AlarmChange[] {
    const phase = second - EVALUATION_PHASE_SECONDS;
    const due = phase % 60 === 0 ? this.#specs : phase % 10 === 0 ? this.#quick : [];
    return due.flatMap((spec) => this.#evaluate(spec, instant(second * 1000)) ?? []);
  }

  #evaluate(spec: AlarmSpec, now: Instant): AlarmChange | null {
    const previous = this.#status.get(spec.name) ?? freshStatus(now);
    const step = spec.periodSeconds * 1000;
    const newest = Math.floor((now - PUBLISH_DELAY_SECONDS * 1000) / step) * step - step;
    const oldest = newest - (evaluationRange(spec.evaluationPeriods) - 1) * step;
    const range = {
      start: instant(oldest),
      end: instant(newest + step),
      periodSeconds: spec.periodSeconds,
    };
    const datapoints = this.#metrics.query(spec.metric.query, range, now);
    const slots: (number | null)[] = Array(evaluationRange(spec.evaluationPeriods)).fill(null);
    for (const { at, value } of datapoints) slots[(at - oldest) / step] = value;
    const state = evaluateAlarm(spec, slots, previous.state);
    if (state === previous.state) return null;
    const status = statusAfter(spec, state, datapoints, now);
    this.#status.set(spec.name, status);
    return { spec, status, previous };
  }
}
