import { type Instant, instant } from '../../shared/core/time.ts';

/** The time of a test, unless it says otherwise: 2026-03-02 10:03:06 UTC. */
export const NOW = instant(Date.UTC(2026, 2, 2, 10, 3, 6));

/** A time of the same day, `HH:MM` or `HH:MM:SS` in UTC. */
export const clockTime = (time: string): Instant => instant(Date.parse(`2026-03-02T${time}Z`));
