import type { Direction } from './decision.ts';
import type { Override } from './ledger-entry.ts';
import { timeOfDay } from './time.ts';

/** What an override asks for, as a phrase: `a floor of 8`, `a pause of scale-in`. */
export function overrideInWords(override: Override): string {
  return override.kind === 'pause'
    ? pauseInWords(override.direction)
    : `a ${override.kind} of ${override.size}`;
}

const pauseInWords = (direction: Direction | 'both'): string =>
  direction === 'both' ? 'a pause of all automation' : `a pause of scale-${direction}`;

/** The same with whose it is and how long it lasts: `the floor of 8 that ada set until 11:00:00 ("sale")`. */
export const overrideWithOwner = (override: Override): string =>
  `${overrideInWords(override).replace(/^a /, 'the ')} that ${override.owner} set until ${timeOfDay(override.expiresAt)} ("${override.reason}")`;
