import type { Override } from './ledger-entry.ts';
import { describeOverride } from './overrides.ts';
import { timeOfDay } from './time.ts';

/** What an override asks for, as a phrase in a sentence: `a floor of 8`, `a pause of scale-in`. */
export const overrideInWords = (override: Override): string =>
  override.kind === 'pin' ? `a pin of ${override.size}` : describeOverride(override).replace(/^The /, 'a ');

/** The same as one that is known: `the floor of 8`. */
export const knownOverride = (override: Override): string => overrideInWords(override).replace(/^a /, 'the ');

/** The same with whose it is and how long it lasts: `the floor of 8 that ada set until 11:00:00 ("sale")`. */
export const overrideWithOwner = (override: Override): string =>
  `${knownOverride(override)} that ${override.owner} set until ${timeOfDay(override.expiresAt)} ("${override.reason}")`;
