/** How one target fared over a run. Times are simulated. */
export interface Score {
  /** Hours of running and starting units: what the run would have been billed for. */
  readonly unitHours: number;
  /** Share of time, in percent, with fewer running units than the load needed at target. */
  readonly underCapacityPct: number;
  /** Share of time, in percent, with a load above 90 % of the running capacity. */
  readonly violationPct: number;
  /** The longest stretch of such a violation without a pause, in seconds. */
  readonly longestViolationSeconds: number;
  readonly minDesired: number;
  readonly maxDesired: number;
  /** Accepted changes of the desired size. */
  readonly resizes: number;
}

/** What a target looked like for a while. */
export interface Observed {
  readonly load: number;
  readonly running: number;
  readonly pending: number;
  readonly desired: number;
}

/** What one unit carries, in the unit of the load. */
export interface UnitCapacity {
  /** With the metric on the policy's target. */
  readonly atTarget: number;
  /** With nothing left. */
  readonly full: number;
}

/** Load above this share of the running capacity is a violation. */
const VIOLATION_SHARE = 0.9;

/** Adds up the score of one target, from stretches of time in which nothing changed. */
export class Scorecard {
  readonly #unit: UnitCapacity;
  #seconds = 0;
  #unitSeconds = 0;
  #underSeconds = 0;
  #violationSeconds = 0;
  #streak = 0;
  #longestStreak = 0;
  #minDesired = Number.POSITIVE_INFINITY;
  #maxDesired = 0;
  #resizes = 0;

  constructor(unit: UnitCapacity) {
    this.#unit = unit;
  }

  /** Counts a stretch of `seconds` in which the target looked like this. */
  observe({ load, running, pending, desired }: Observed, seconds: number): void {
    this.#seconds += seconds;
    this.#unitSeconds += (running + pending) * seconds;
    if (load > running * this.#unit.atTarget) this.#underSeconds += seconds;
    if (load > running * this.#unit.full * VIOLATION_SHARE) {
      this.#violationSeconds += seconds;
      this.#streak += seconds;
      if (this.#streak > this.#longestStreak) this.#longestStreak = this.#streak;
    } else {
      this.#streak = 0;
    }
    if (desired < this.#minDesired) this.#minDesired = desired;
    if (desired > this.#maxDesired) this.#maxDesired = desired;
  }

  /** Counts an accepted change of the desired size. */
  countResize(): void {
    this.#resizes += 1;
  }

  /** The score so far. */
  score(): Score {
    const percent = (seconds: number): number => (this.#seconds === 0 ? 0 : (100 * seconds) / this.#seconds);
    return {
      unitHours: this.#unitSeconds / 3600,
      underCapacityPct: percent(this.#underSeconds),
      violationPct: percent(this.#violationSeconds),
      longestViolationSeconds: this.#longestStreak,
      minDesired: Number.isFinite(this.#minDesired) ? this.#minDesired : 0,
      maxDesired: this.#maxDesired,
      resizes: this.#resizes,
    };
  }
}
