import { text } from './mapping.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A duration as people write it: `90s`, `10m`, `2h`, `1d`. */
export const Duration = text(
  /^[1-9]\d{0,6}[smhd]$/,
  'a duration',
  'a whole number and s, m, h or d, such as 90s, 10m or 2h',
).describe('A duration: a whole number and s, m, h or d, such as 90s, 10m or 2h.');

/** The seconds of a {@link Duration}. */
export const secondsOf = (duration: string): number =>
  Number(duration.slice(0, -1)) * (UNITS[duration.slice(-1)] ?? 1);
