import {
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  isBrokenCircuitError,
  type TimeoutPolicy,
  TimeoutStrategy,
  timeout,
} from 'cockatiel';
import { ControllerError } from '../core/controller-error.ts';
import type { CacheStore } from '../ports/cache-store.ts';

/** What became of a call to the server. */
export type Reached<T> = { readonly reached: true; readonly value: T } | { readonly reached: false };

/** How patient a cache is with its server. */
export interface Patience {
  /** Milliseconds for one call. */
  readonly timeoutMillis: number;
  /** Calls that fail one after the other until the server is left alone. */
  readonly failures: number;
  /** Milliseconds that it is left alone the first time; twice that after each test that fails. */
  readonly firstPauseMillis: number;
  /** Milliseconds that it is left alone at most. */
  readonly longestPauseMillis: number;
}

/** Whether the server is asked: yes, no, or by one call that tests it. */
export type BreakerState = 'closed' | 'open' | 'half-open';

const NOT_REACHED = { reached: false } as const;

/** A store whose faults are values: a call takes a bounded time, and a server that is down is left alone for a while. */
export class GuardedStore {
  readonly #store: CacheStore;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #limit: TimeoutPolicy;
  readonly #onFault: (error: unknown) => void;
  #errors = 0;
  #opened = 0;

  constructor(store: CacheStore, patience: Patience, onFault: (error: unknown) => void) {
    this.#store = store;
    this.#onFault = onFault;
    // A refusal of one entry says nothing about the server.
    const isOfServer = (error: Error) => !(error instanceof ControllerError && error.code === 'rejected');
    this.#breaker = circuitBreaker(handleWhen(isOfServer), {
      breaker: new ConsecutiveBreaker(patience.failures),
      halfOpenAfter: new ExponentialBackoff({
        initialDelay: patience.firstPauseMillis,
        maxDelay: patience.longestPauseMillis,
      }),
    });
    this.#breaker.onBreak(() => {
      this.#opened += 1;
    });
    this.#limit = timeout(patience.timeoutMillis, {
      strategy: TimeoutStrategy.Aggressive,
      abortOnReturn: false,
    });
  }

  /** Calls the server, unless it is left alone now. Never throws. */
  async call<T>(operation: (store: CacheStore) => Promise<T>): Promise<Reached<T>> {
    try {
      // One inside the other by hand: `wrap` would hang a listener for every call on one signal that all calls share.
      const limited = () => this.#limit.execute(() => operation(this.#store));
      return { reached: true, value: await this.#breaker.execute(limited) };
    } catch (error) {
      if (!isBrokenCircuitError(error)) {
        this.#errors += 1;
        this.#onFault(error);
      }
      return NOT_REACHED;
    }
  }

  get breaker(): BreakerState {
    const { state } = this.#breaker;
    if (state === CircuitState.Closed) return 'closed';
    return state === CircuitState.HalfOpen ? 'half-open' : 'open';
  }

  /** Calls that failed or took too long; those that were not made do not count. */
  get errors(): number {
    return this.#errors;
  }

  /** Times that the server was left alone, a failed test counting as one. */
  get opened(): number {
    return this.#opened;
  }
}
