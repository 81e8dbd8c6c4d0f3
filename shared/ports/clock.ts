import type { Instant } from '../core/time.ts';

/** Tells the time. The only source of it outside tests. */
export interface Clock {
  now(): Instant;
}
