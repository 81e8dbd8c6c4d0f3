import type { Override } from '../../../shared/core/ledger-entry.ts';
import { activeOf } from '../../../shared/core/overrides.ts';
import { type Instant, timeOfDay } from '../../../shared/core/time.ts';

const WORDS = { pin: 'pinned', floor: 'floor', ceiling: 'ceiling' } as const;

/**
 * What stands above automation at a target, in a few words: `pinned 3 to 15:57`; null when nothing does. `own`: its own
 * overrides, of which the first of pin, floor, ceiling and pause is named; `all`: those on every target.
 */
export function overruled(own: readonly Override[], all: readonly Override[], now: Instant): string | null {
  for (const kind of ['pin', 'floor', 'ceiling'] as const) {
    const [first] = activeOf(own, kind, now);
    if (first !== undefined) return `${WORDS[kind]} ${first.size} to ${minute(first.expiresAt)}`;
  }
  return resting('paused', own, now) ?? resting('frozen', all, now);
}

function resting(word: string, overrides: readonly Override[], now: Instant): string | null {
  const [first] = activeOf(overrides, 'pause', now);
  if (first === undefined) return null;
  const { direction, expiresAt } = first;
  return `${word}${direction === 'both' ? '' : ` ${direction}`} to ${minute(expiresAt)}`;
}

const minute = (at: Instant): string => timeOfDay(at).slice(0, 5);
