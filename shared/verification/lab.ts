import { ALONE, type Snapshot } from '../core/capacity.ts';
import { decide } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import type { TargetState } from '../core/ledger-entry.ts';
import { observe } from '../core/observe.ts';
import type { Policy, ScalingRules } from '../core/policy.ts';
import { policyMetrics } from '../core/policy-metrics.ts';
import type { Receipt } from '../core/receipt.ts';
import { NO_SCHEDULE, type ScheduleState } from '../core/schedule.ts';
import type { Signal } from '../core/signal.ts';
import { targetId } from '../core/target.ts';
import { type Instant, plusSeconds } from '../core/time.ts';
import { accept, begin, complete, firstSight } from '../core/transitions.ts';
import { type Axis, readingsOf, steady } from './axes.ts';

/** A target at a size under constant loads. */
export interface Situation {
  readonly size: number;
  readonly axes: readonly Axis[];
  readonly loads: readonly number[];
  readonly schedule?: ScheduleState;
  /** What else the snapshot shows. */
  readonly snapshot?: Partial<Snapshot>;
  /** What else the target remembers; a target at rest otherwise. */
  readonly state?: Partial<TargetState>;
}

/** What a decision is made of. */
type Question = Omit<Receipt, 'version' | 'id' | 'decision'>;

/**
 * Asks the real decision function what it would do, and counts how often. A policy is asked in situations that are made
 * up; nothing here knows a rule.
 */
export class Lab {
  readonly policy: Policy;
  /** When everything takes place. */
  readonly now: Instant;
  readonly #schedule: ScheduleState;
  #decisions = 0;

  /** `schedule`: what is open in situations that say nothing of it. */
  constructor(policy: Policy, now: Instant, schedule: ScheduleState = NO_SCHEDULE) {
    this.policy = policy;
    this.now = now;
    this.#schedule = schedule;
  }

  /** How many decisions have been looked at. */
  get decisions(): number {
    return this.#decisions;
  }

  /** What is done about a target that has been in a situation for longer than any cooldown or window lasts. */
  decide(situation: Situation, policy: Policy = this.policy): Decision {
    return this.#answer(this.#question(situation, policy));
  }

  /** The same, with everything that led to it. */
  receipt(situation: Situation, policy: Policy = this.policy): Receipt {
    return this.#receipt(this.#question(situation, policy));
  }

  /**
   * What is done one after the other while the loads stay as they are: every resize ends at once, and the next decision
   * comes when no cooldown and no window runs any more. At most so many resizes; fewer where the size comes to rest.
   */
  follow(situation: Situation, resizes: number): readonly Receipt[] {
    const { policy } = this;
    const done: Receipt[] = [];
    const pause = longestMemory(policy);
    let { now, state, size } = {
      now: this.now,
      state: rested(policy, situation.size, this.now),
      size: situation.size,
    };
    // Two looks for a resize: one that puts the wish on record, and one when every earlier wish has left its window.
    for (let look = 0; look < resizes * 2 && done.length < resizes; look += 1) {
      const snapshot = this.#snapshot(policy, { ...situation, size }, now);
      const receipt = this.#receipt({ now, policy, snapshot, state, signal: sweep(policy, now) });
      const { decision, signal } = receipt;
      state = observe(state, policy, snapshot, decision, signal, now);
      if (decision.kind === 'resize') {
        done.push(receipt);
        size = decision.to;
        state = resized(state, receipt, decision);
      }
      now = plusSeconds(now, decision.kind === 'resize' ? MINUTE : pause);
    }
    return done;
  }

  #question(situation: Situation, policy: Policy): Question {
    const { now } = this;
    const state = { ...rested(policy, situation.size, now), ...situation.state };
    return {
      now,
      policy,
      snapshot: this.#snapshot(policy, situation, now),
      state,
      signal: sweep(policy, now),
    };
  }

  #snapshot(policy: Policy, situation: Situation, now: Instant): Snapshot {
    return snapshotOf(policy, { schedule: this.#schedule, ...situation }, now);
  }

  #answer({ policy, snapshot, state, signal, now }: Question): Decision {
    this.#decisions += 1;
    return decide(policy, snapshot, state, signal, now);
  }

  #receipt(question: Question): Receipt {
    const decision = this.#answer(question);
    return { version: 1, id: `verify-${question.policy.name}-${this.#decisions}`, ...question, decision };
  }
}

const MINUTE = 60;

const sweep = ({ target }: Policy, at: Instant): Signal => ({
  kind: 'sweep',
  id: 'verify',
  target: targetId(target),
  at,
});

/** A target whose last change is long past, and that has wished for the same ever since. A size of zero is automation's own. */
const rested = (policy: Policy, size: number, now: Instant): TargetState => ({
  ...firstSight(policy, size, now),
  recommendations: [],
  scaledToZero: size === 0,
});

function snapshotOf(policy: Policy, situation: Situation, now: Instant): Snapshot {
  const { size, axes, loads, schedule = NO_SCHEDULE, snapshot } = situation;
  const quietly = incidentMetrics(policy, now);
  return {
    capacity: { desired: size, running: size, ready: size, pending: 0 },
    deployment: 'none',
    metrics: { ...quietly, ...readingsOf(axes, loads, size, now) },
    units: null,
    schedule,
    account: ALONE,
    ...snapshot,
  };
}

/** What only the incident guard reads: no load, no errors, no incident. */
const incidentMetrics = ({ incident }: Policy, now: Instant): Snapshot['metrics'] =>
  incident === null
    ? {}
    : Object.fromEntries([incident.load, incident.errors].map((spec) => [spec.id, steady(spec, 0, now)]));

function resized(
  state: TargetState,
  { policy, signal, now, id, snapshot }: Receipt,
  { from, to, cause }: Extract<Decision, { kind: 'resize' }>,
): TargetState {
  const resize = {
    ...{ id, from, to, cause, decisionId: id, signalId: signal.id, owner: null },
    ...{ ready: snapshot.capacity.ready, startedAt: now, acceptedAt: null, signalAt: now },
  };
  return complete(accept(begin(state, resize), id, policy, now), id, now);
}

/** Seconds after which nothing of before has a say: cooldowns, windows, rates, histories, and whole minutes. */
function longestMemory(policy: Policy): number {
  const { cooldownSeconds, behavior, incident } = policy;
  const seconds = [
    cooldownSeconds.out,
    cooldownSeconds.in,
    ...(behavior.kind === 'rules' ? [behavior.scaleUp, behavior.scaleDown].flatMap(secondsOf) : []),
    ...(behavior.kind === 'implicit' ? [behavior.downscaleStabilizationSeconds] : []),
    ...policyMetrics(policy).map(({ historySeconds, periodSeconds }) => historySeconds + 2 * periodSeconds),
    ...(incident === null ? [] : [incident.longestHoldSeconds + incident.rampSeconds]),
  ];
  return (Math.floor(Math.max(0, ...seconds) / MINUTE) + 2) * MINUTE;
}

const secondsOf = ({ stabilizationWindowSeconds, policies }: ScalingRules): readonly number[] => [
  stabilizationWindowSeconds,
  ...policies.map(({ periodSeconds }) => periodSeconds),
];
