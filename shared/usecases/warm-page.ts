import type { WarmItem } from '../core/warm-plan.ts';
import type { WarmFault } from '../core/warm-state.ts';
import type { CacheEntry, CacheStore } from '../ports/cache-store.ts';
import type { WarmRow, WarmSource } from '../ports/warm-source.ts';
import { bytesOf, entryOf, keyOf, type Made } from './warm-entries.ts';
import type { ItemContext } from './warm-item.ts';

/** What became of a page. `cut-off`: there was no time for all of it. `given-up`: the rest of the item would fail as well. */
export interface PageCounts {
  readonly kind: 'done' | 'cut-off' | 'given-up';
  readonly keys: number;
  readonly kept: number;
  readonly bytes: number;
  readonly queries: number;
  readonly faults: readonly Fault[];
}

interface Fault {
  readonly fault: WarmFault;
  readonly detail: string;
}

/** Questions in a row without an answer after which no more are asked. */
const GIVE_UP_AFTER = 20;

/** What is counted while a page is worked off. */
interface Tally {
  queries: number;
  kept: number;
  /** Questions that had no answer since the last one that had. */
  unanswered: number;
  isCutOff: boolean;
  isWrong: boolean;
  readonly faults: Fault[];
}

/**
 * Writes what a page of rows is made into. In mode `only-missing` a key that has a value is neither asked for nor written.
 * @throws ControllerError when the cache does not take it.
 */
export async function warmPage(
  context: ItemContext,
  item: WarmItem,
  source: WarmSource,
  rows: readonly WarmRow[],
): Promise<PageCounts> {
  const { cache, plan } = context;
  const tally: Tally = { queries: 0, kept: 0, unanswered: 0, isCutOff: false, isWrong: false, faults: [] };
  const { key } = item;
  if (cache === null || key === null) {
    if (source.ask !== null) await Promise.all(rows.map((row) => answerOf(context, source, row, tally)));
    return countsOf(tally, []);
  }
  const keyed = rows.flatMap((row) => {
    const made = taken(keyOf(key, row, plan.limits), tally);
    return made === null ? [] : [{ key: made, row }];
  });
  const wanted = plan.mode === 'refresh' ? keyed : await missing(cache, keyed, tally);
  const entries = await Promise.all(wanted.map((each) => entryFor(context, item, source, each, tally)));
  if (tally.isCutOff) return countsOf(tally, []);
  const ready = entries.filter((entry) => entry !== null);
  return countsOf(
    tally,
    plan.mode === 'refresh' ? await replaced(cache, ready) : await filled(cache, ready, tally),
  );
}

interface Keyed {
  readonly key: string;
  readonly row: WarmRow;
}

async function missing(cache: CacheStore, keyed: readonly Keyed[], tally: Tally): Promise<readonly Keyed[]> {
  const there = await cache.getMany(keyed.map(({ key }) => key));
  const wanted = keyed.filter(({ key }) => !there.has(key));
  tally.kept += keyed.length - wanted.length;
  return wanted;
}

async function replaced(cache: CacheStore, entries: readonly CacheEntry[]): Promise<readonly CacheEntry[]> {
  if (entries.length > 0) await cache.setMany(entries);
  return entries;
}

/** Whoever wrote in the meantime has the fresher value. */
async function filled(
  cache: CacheStore,
  entries: readonly CacheEntry[],
  tally: Tally,
): Promise<readonly CacheEntry[]> {
  const took = await Promise.all(entries.map((entry) => cache.setIfAbsent(entry)));
  const written = entries.filter((_, index) => took[index]);
  tally.kept += entries.length - written.length;
  return written;
}

async function entryFor(
  context: ItemContext,
  item: WarmItem,
  source: WarmSource,
  { key, row }: Keyed,
  tally: Tally,
): Promise<CacheEntry | null> {
  const answer = source.ask === null ? { value: row } : await answerOf(context, source, row, tally);
  if (answer === null) return null;
  const value = taken(bytesOf(item, answer.value, context.plan.limits), tally);
  return value === null ? null : entryOf(key, value, item.ttl, context.deps.random());
}

/** Asks for the value of a row when its turn comes, unless there is no time left or nobody answers any more. */
async function answerOf(
  { pace, isOver, held }: ItemContext,
  source: WarmSource,
  row: WarmRow,
  tally: Tally,
): Promise<{ readonly value: unknown } | null> {
  const answer = await pace.run(async () => {
    if (tally.isWrong || tally.unanswered >= GIVE_UP_AFTER) return null;
    if (tally.isCutOff || isOver()) {
      tally.isCutOff = true;
      return null;
    }
    tally.queries += 1;
    return (await source.ask?.(row)) ?? null;
  });
  await held.beat();
  if (answer?.kind === 'value') tally.unanswered = 0;
  if (answer?.kind !== 'fault') return answer;
  tally.faults.push({ fault: answer.fault, detail: answer.detail });
  if (answer.fault === 'unknown-column') tally.isWrong = true;
  tally.unanswered += 1;
  return null;
}

/** What was made, or null after noting why nothing was. */
function taken<T>(made: Made<T>, tally: Tally): T | null {
  if (made.kind === 'made') return made.made;
  if (made.kind === 'fault') tally.faults.push({ fault: made.fault, detail: made.detail });
  else if (!tally.isWrong) {
    tally.isWrong = true;
    tally.faults.push({ fault: 'unknown-column', detail: `Its rows have no column ${made.column}.` });
  }
  return null;
}

function countsOf(tally: Tally, written: readonly CacheEntry[]): PageCounts {
  const { queries, kept, faults } = tally;
  const isGivenUp = tally.isWrong || tally.unanswered >= GIVE_UP_AFTER;
  return {
    kind: isGivenUp ? 'given-up' : tally.isCutOff ? 'cut-off' : 'done',
    ...{ queries, kept, faults },
    keys: written.length,
    bytes: written.reduce((sum, { key, value }) => sum + key.length + value.length, 0),
  };
}
