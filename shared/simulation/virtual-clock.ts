import { ControllerError } from '../core/controller-error.ts';
import { type Instant, instant } from '../core/time.ts';
import type { Clock } from '../ports/clock.ts';

/** A clock that moves only when told to: the time of a simulated account. */
export class VirtualClock implements Clock {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  /**
   * Moves the clock forward to `to`; to stay where it is, is allowed.
   * @throws ControllerError `rejected` when `to` lies in the past.
   */
  advanceTo(to: Instant): void {
    if (!(to >= this.#now)) {
      throw new ControllerError(
        'rejected',
        `a clock cannot go back from ${this.#now} to ${to}: advance it to a later instant`,
        { retryable: false },
      );
    }
    this.#now = instant(to);
  }
}
