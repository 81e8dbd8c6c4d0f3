import { ControllerError } from '../core/controller-error.ts';
import { plusSeconds } from '../core/time.ts';
import type { WarmItem, WarmPlan } from '../core/warm-plan.ts';
import { faultsOf, type ItemProgress, type WarmFault, withFault } from '../core/warm-state.ts';
import type { CacheStore } from '../ports/cache-store.ts';
import type { Pace } from '../ports/pace.ts';
import type { WarmRow, WarmSource } from '../ports/warm-source.ts';
import type { WarmDeps } from './warm-deps.ts';
import { type PageCounts, warmPage } from './warm-page.ts';
import type { HeldRun } from './warm-run.ts';

/** What the items of a run share. */
export interface ItemContext {
  readonly deps: WarmDeps;
  readonly plan: WarmPlan;
  readonly held: HeldRun;
  readonly pace: Pace;
  /** Null = nothing is written. */
  readonly cache: CacheStore | null;
  /** The database to ask instead of the item's own: a new replica. */
  readonly host: string | null;
  /** Whether to stop here and let the run be carried on later. */
  readonly isOver: () => boolean;
}

/** Rows of one page: what is done again at most, when a run is cut off. */
const PAGE = 200;
/** A page whose rows are each a question is no longer than this at the plan's rate. */
const PAGE_SECONDS = 5;

/**
 * Warms one item from where it stood, and notes how far it came. Never throws for its source or the cache: the other items go on.
 */
export async function warmItem(context: ItemContext, item: WarmItem, from: ItemProgress): Promise<void> {
  const { deps, plan, host, held } = context;
  let source: WarmSource;
  try {
    const { connections, limits } = plan;
    source = await deps.sources.open(item, { connections, valueBytes: limits.valueBytes, host });
  } catch (error) {
    return held.note(failed(from, 'source', messageOf(error)));
  }
  try {
    await allPages(context, item, source, from);
  } finally {
    await source.close();
  }
}

async function allPages(
  context: ItemContext,
  item: WarmItem,
  source: WarmSource,
  from: ItemProgress,
): Promise<void> {
  let progress = from;
  while (progress.state === 'open' && !context.isOver()) {
    const stop = outOfBounds(context);
    const next = stop === null ? await onePage(context, item, source, progress) : failed(progress, ...stop);
    if (next === null) return;
    progress = next;
    await context.held.note(progress);
  }
}

/** Progress after one more page; null when it was cut off and has to be done again. */
async function onePage(
  context: ItemContext,
  item: WarmItem,
  source: WarmSource,
  before: ItemProgress,
): Promise<ItemProgress | null> {
  const limit = pageSize(context.plan, source);
  const page = await context.pace.run(() => source.page(before.cursor, limit));
  if (page.kind === 'fault') return failed(before, page.fault, page.detail);
  const asked = { ...before, queries: before.queries + page.queries };
  if (item.kind !== 'http' && before.rows + page.rows.length > item.maxRows) {
    return failed(asked, 'too-much', `Its query returned more than ${item.maxRows} rows.`);
  }
  const counts = await pageOf(context, item, source, page.rows);
  if (counts.kind === 'cut-off') return null;
  const after = added(asked, counts, page.rows.length);
  if (counts.kind === 'given-up') return { ...after, state: 'failed' };
  return { ...after, cursor: page.next, state: page.next === null ? endOf(after) : 'open' };
}

/** A page of rows that cannot be written at all is the end of its item: the next page would meet the same. */
async function pageOf(context: ItemContext, item: WarmItem, source: WarmSource, rows: readonly WarmRow[]) {
  try {
    return await warmPage(context, item, source, rows);
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    const fault = { fault: 'cache' as const, detail: error.message };
    return { kind: 'given-up', keys: 0, kept: 0, bytes: 0, queries: 0, faults: [fault] } as const;
  }
}

function added(item: ItemProgress, counts: PageCounts, rows: number): ItemProgress {
  const sum = {
    ...item,
    rows: item.rows + rows,
    keys: item.keys + counts.keys,
    kept: item.kept + counts.kept,
    bytes: item.bytes + counts.bytes,
    queries: item.queries + counts.queries,
  };
  return counts.faults.reduce((so, { fault, detail }) => withFault(so, fault, detail), sum);
}

/** An item of which every row failed has failed, too. */
const endOf = (item: ItemProgress): 'done' | 'failed' =>
  item.rows > 0 && faultsOf(item) >= item.rows ? 'failed' : 'done';

function pageSize({ limits }: WarmPlan, { ask }: WarmSource): number {
  if (ask === null) return PAGE;
  return Math.min(PAGE, Math.max(1, Math.floor(limits.queriesPerSecond * PAGE_SECONDS)));
}

/** Which limit of the whole run is reached. */
function outOfBounds({ deps, plan, held }: ItemContext): readonly [WarmFault, string] | null {
  const { seconds, keys } = plan.limits;
  const { startedAt, items } = held.run;
  if (deps.clock.now() >= plusSeconds(startedAt, seconds)) {
    return ['timeout', `The run took longer than its limit of ${seconds} s.`];
  }
  const written = items.reduce((sum, item) => sum + item.keys + item.kept, 0);
  return written >= keys ? ['too-much', `The run reached its limit of ${keys} keys.`] : null;
}

const failed = (item: ItemProgress, fault: WarmFault, sentence: string): ItemProgress => ({
  ...withFault(item, fault, sentence),
  state: 'failed',
});

const messageOf = (error: unknown): string =>
  error instanceof ControllerError ? error.message : 'Its source could not be opened.';
