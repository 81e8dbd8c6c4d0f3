/** A point in time: milliseconds since the Unix epoch. Made only by {@link instant}, so that a duration cannot be passed for it. */
export type Instant = number & { readonly __brand: 'Instant' };

/** Marks a number of milliseconds since the Unix epoch as an {@link Instant}. */
export const instant = (epochMillis: number): Instant => epochMillis as Instant;

/** The instant `seconds` later (earlier when negative). */
export const plusSeconds = (at: Instant, seconds: number): Instant => instant(at + seconds * 1000);

/** Seconds from `earlier` to `later`; negative when they are the other way round. */
export const secondsBetween = (earlier: Instant, later: Instant): number => (later - earlier) / 1000;

/** The earliest of the given instants, or null when there is none. */
export const earliest = (...candidates: readonly (Instant | null)[]): Instant | null =>
  candidates.reduce<Instant | null>(
    (best, at) => (at !== null && (best === null || at < best) ? at : best),
    null,
  );

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** The time of day in UTC, `HH:MM:SS`, by arithmetic alone: the core has no clock and no calendar. */
export function timeOfDay(at: Instant): string {
  const second = Math.floor(at / 1000) % 86_400;
  return [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60].map(twoDigits).join(':');
}
