import type { Override } from './ledger-entry.ts';
import { describeOverride } from './overrides.ts';
import { timeOfDay } from './time.ts';

/** What an override asks for, as a phrase in a sentence: `a floor of 8`, `a pause of scale-in`. */
export const overrideInWords = (override: Override): string =>
  override.kind === 'pin' ? `a pin of ${override.size}` : describeOverride(override).replace(/^The /, 'a ');

/** The same as one that is known: `the floor of 8`. */
export const knownOverride = (override: Override): string => overrideInWords(override).replace(/^a /, 'the ');

/**
 * What comes after an override that has ended, as the end of a sentence: `the pin of 6 stays until 11:00:00`, or that
 * automation resumes. `own`: what is still in force on the target; `account`: on every target.
 */
export function whatStays(own: readonly Override[], account: readonly Override[]): string {
  const staying = [
    ...account.map((override) => ({ override, phrase: `${knownOverride(override)} of every target` })),
    ...own.map((override) => ({ override, phrase: knownOverride(override) })),
  ];
  return staying.length === 0
    ? 'automation resumes'
    : staying
        .map(({ override, phrase }, index) => {
          const verb = index === 0 ? ' stays' : '';
          return `${phrase}${verb} until ${timeOfDay(override.expiresAt)}`;
        })
        .join(' and ');
}

/** The same after one that was for every target, whose other targets may have overrides of their own. */
export const whatStaysForAll = (account: readonly Override[]): string =>
  account.length === 0
    ? 'automation resumes wherever a target has no override of its own'
    : whatStays([], account);

/** The same with whose it is and how long it lasts: `the floor of 8 that ada set until 11:00:00 ("sale")`. */
export const overrideWithOwner = (override: Override): string =>
  `${knownOverride(override)} that ${override.owner} set until ${timeOfDay(override.expiresAt)} ("${override.reason}")`;

/** A phrase as the beginning of a sentence. */
export const capital = (phrase: string): string => phrase.charAt(0).toUpperCase() + phrase.slice(1);
