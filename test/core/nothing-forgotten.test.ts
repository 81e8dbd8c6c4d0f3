import { describe, expect, it } from 'vitest';
import { type AlarmSpec, alarmsFor } from '../../shared/core/alarms.ts';
import type { MetricReading } from '../../shared/core/capacity.ts';
import { decide } from '../../shared/core/decide.ts';
import { explain } from '../../shared/core/explain.ts';
import type { TargetState } from '../../shared/core/ledger-entry.ts';
import type { MetricScope } from '../../shared/core/metric.ts';
import { observe } from '../../shared/core/observe.ts';
import type { Policy } from '../../shared/core/policy.ts';
import type { AlarmState, Signal } from '../../shared/core/signal.ts';
import { type Instant, plusSeconds } from '../../shared/core/time.ts';
import { accept, begin, complete, firstSight } from '../../shared/core/transitions.ts';
import { breaches } from '../../shared/simulation/alarm-evaluator.ts';
import { metricAims } from '../../shared/simulation/metric-aims.ts';
import { aPolicy } from '../support/a-policy.ts';
import { anAlarmSignal, aSignal } from '../support/a-signal.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aResize } from '../support/a-state.ts';
import { anyPolicy } from '../support/arbitraries.ts';
import { fc } from '../support/fast-check.ts';
import { NOW } from '../support/now.ts';

type Datapoint = Readonly<Record<string, number>>;

/**
 * A target with its alarms, which report a change of state once and nothing else, and a sweep that asks only who is due.
 * Resizes end at once. `lag`: by how many datapoints the metric that is read trails the one that the alarm has seen.
 */
class Sleeper {
  size: number;
  state: TargetState;
  looks = 0;
  readonly #policy: Policy;
  readonly #lag: number;
  readonly #datapoints: Datapoint[] = [];
  readonly #alarms = new Map<string, AlarmState>();

  constructor(policy: Policy, size: number, lag: number) {
    this.#policy = policy;
    this.#lag = lag;
    this.size = size;
    this.state = firstSight(policy, size, NOW);
  }

  /** One minute under a load: a datapoint, the alarms that change their state, and the tick. */
  minute(load: number, now: Instant): void {
    this.#datapoints.push(this.#datapoint(load));
    for (const alarm of alarmsFor(this.#policy)) this.#report(alarm, now);
    if (this.looks === 0 || (this.state.wakeAt !== null && this.state.wakeAt <= now))
      this.#look(aSignal(), now);
  }

  /** Whether a resize was made later than that. */
  resizedSince(at: Instant): boolean {
    return [this.state.lastOut, this.state.lastIn].some((last) => last !== null && last.at > at);
  }

  /** What would be decided if somebody asked now. */
  decideAt(now: Instant) {
    return decide(this.#policy, this.#snapshot(0, now), this.state, aSignal(), now);
  }

  #datapoint(load: number): Datapoint {
    return Object.fromEntries(
      metricAims(this.#policy).map(({ metric, scope, aim }) => [
        metric.id,
        sixDigits((load * aim) / UNITS_OF[scope](this.size)),
      ]),
    );
  }

  #report(alarm: AlarmSpec, now: Instant) {
    const { name, metric, evaluationPeriods, datapointsToAlarm } = alarm;
    const values = this.#datapoints.slice(-evaluationPeriods).map((datapoint) => datapoint[metric.id] ?? 0);
    const breaching = values.filter((value) => breaches(alarm, value));
    const state = breaching.length >= datapointsToAlarm ? 'ALARM' : 'OK';
    if ((this.#alarms.get(name) ?? 'OK') === state) return;
    this.#alarms.set(name, state);
    this.#look(anAlarmSignal({ alarm: name, state }), now);
  }

  #snapshot(lag: number, now: Instant) {
    const [newest = {}, ...earlier] = this.#datapoints.slice(0, this.#datapoints.length - lag).reverse();
    const readings = Object.entries(newest).map(([id, value]): [string, MetricReading] => [
      id,
      {
        kind: 'value',
        value,
        at: now,
        earlier: earlier.slice(0, 15).map((datapoint, back) => ({
          at: plusSeconds(now, -60 * (back + 1)),
          value: datapoint[id] ?? 0,
        })),
      },
    ]);
    return aSnapshot({ desired: this.size, metrics: Object.fromEntries(readings) });
  }

  #look(signal: Signal, now: Instant): void {
    this.looks += 1;
    const policy = this.#policy;
    const snapshot = this.#snapshot(this.#datapoints.length > this.#lag ? this.#lag : 0, now);
    const decision = decide(policy, snapshot, this.state, signal, now);
    const seen = observe(this.state, policy, snapshot, decision, signal, now);
    if (decision.kind === 'hold') {
      this.state = seen;
      return;
    }
    const resize = aResize({ from: this.size, to: decision.to, startedAt: now, acceptedAt: null });
    const accepted = accept(begin(seen, resize), resize.id, policy, now);
    this.state = complete(accepted, resize.id, now);
    this.size = decision.to;
  }
}

/** What divides the load: the units that share it, or nothing that follows the size. */
const UNITS_OF: Readonly<Record<MetricScope, (size: number) => number>> = {
  average: (size) => Math.max(size, 1),
  total: () => 1,
  independent: () => 8,
};

// A threshold is written in ten digits, so a hair's breadth is nobody's business.
const sixDigits = (value: number): number => Number(value.toPrecision(6));

const minutes = (count: number): Instant => plusSeconds(NOW, count * 60);

/** Loads in units: what so many units carry when the metric is on its target. Each stands for a while, the last one stays. */
const loads = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.nat({ max: 25 }),
        fc.nat({ max: 2800 }).map((hundredths) => hundredths / 100),
      ),
      fc.constantFrom(1, 1, 2, 5, 12),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((levels) => levels.flatMap(([load, length]) => Array<number>(length).fill(load)));
const STEADY_MINUTES = 25;

/** Lives through the loads, and through the last of them for so long that every cooldown and window is over. */
function live(policy: Policy, start: number, lag: number, loads: readonly number[]) {
  const sleeper = new Sleeper(policy, start, lag);
  const series = [...loads, ...Array<number>(STEADY_MINUTES).fill(loads.at(-1) ?? 0)];
  for (const [minute, load] of series.entries()) sleeper.minute(load, minutes(minute));
  return { sleeper, series };
}

/** Policies whose world is the load alone: no windows, no incident, no other target. */
const anyAloofPolicy = anyPolicy.map(
  (policy): Policy => ({
    ...policy,
    schedule: null,
    incident: null,
    guardrails: { changeBudget: null, quota: null },
  }),
);

describe('a target that sleeps between the changes of its alarms', () => {
  it('never sleeps on a size that it would change if it were asked', () => {
    fc.assert(
      fc.property(
        anyAloofPolicy,
        fc.integer({ min: 1, max: 25 }),
        fc.nat({ max: 1 }),
        loads,
        (policy, start, lag, changes) => {
          const { sleeper, series } = live(policy, start, lag, changes);
          const { size } = sleeper;
          const decision = sleeper.decideAt(minutes(series.length - 1));
          if (decision.kind === 'hold') return;
          // The alarms of these policies look back three minutes at most.
          for (const more of [0, 1, 2, 3]) sleeper.minute(series.at(-1) ?? 0, minutes(series.length + more));
          expect(
            sleeper.resizedSince(minutes(series.length - 1)),
            `at ${size}, asleep, but: ${explain(decision)}`,
          ).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('does sleep: after a change of load it is looked at a few times, and then no more', () => {
    const policy = aPolicy({ cooldownSeconds: { out: 60, in: 300 } });
    const { sleeper } = live(policy, 3, 0, [3, 3, 3, 12, 12]);
    expect(sleeper).toMatchObject({ size: 12, state: { wakeAt: null } });
    expect(sleeper.looks).toBeLessThanOrEqual(8);
  });
});
