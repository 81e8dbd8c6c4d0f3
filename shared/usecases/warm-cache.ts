import { ControllerError } from '../core/controller-error.ts';
import { type Instant, plusSeconds } from '../core/time.ts';
import type { WarmPlan } from '../core/warm-plan.ts';
import { type HitRate, type WarmReport, type WarmRun, warmId, withFault } from '../core/warm-state.ts';
import type { CacheServerInfo, CacheStore } from '../ports/cache-store.ts';
import type { WarmDeps } from './warm-deps.ts';
import { type ItemContext, warmItem } from './warm-item.ts';
import { claimRun, HeldRun, type RunRequest } from './warm-run.ts';

/** A plan to run, and why. */
export interface WarmRequest {
  readonly plan: WarmPlan;
  readonly reason: string;
  /** A new replica that the plan's queries are run against; null = they fill the cache. */
  readonly unit: { readonly name: string; readonly host: string } | null;
  /** When this process has to stop; the run is carried on by the next one. */
  readonly deadline: Instant;
}

/** What became of a request. */
export type WarmOutcome =
  /** Somebody else runs this plan now. */
  | { readonly kind: 'busy'; readonly run: WarmRun }
  /** The time was over: progress is stored, and the run was asked to go on. */
  | { readonly kind: 'continues'; readonly run: WarmRun }
  /** Somebody else took the run over, for this process had not stored its progress in time. */
  | { readonly kind: 'taken-over' }
  | { readonly kind: 'ended'; readonly report: WarmReport };

/**
 * Runs a warm plan, or carries on a run that was cut off. One run of a plan at a time. An item that fails does not stop the others.
 * @throws ControllerError when the ledger does not answer.
 */
export async function warmCache(deps: WarmDeps, request: WarmRequest): Promise<WarmOutcome> {
  const run = runRequest(request);
  const claimed = await claimRun(deps, run);
  if (claimed.kind === 'busy') return claimed;
  const held = new HeldRun(deps, run, claimed.run);
  const cache = await openCache(deps, request, held);
  try {
    if (cache !== null && claimed.kind === 'begin') held.noteHitRate(await sampled(deps, request, cache));
    await allItems(deps, request, run, held, cache);
    return await endOf(deps, request, held, cache);
  } finally {
    await cache?.close();
  }
}

/** A replica has no use for keys: only queries read its blocks. */
function runRequest({ plan, reason, unit }: WarmRequest): RunRequest {
  const items = unit === null ? plan.items : plan.items.filter(({ kind }) => kind === 'sql');
  const name = unit?.name ?? null;
  return { plan, items, reason, unit: name, target: warmId(plan.name, name) };
}

/** The cache, or null where there is none to be written; one that cannot be opened fails every item that is still open. */
async function openCache(
  deps: WarmDeps,
  { plan, unit }: WarmRequest,
  held: HeldRun,
): Promise<CacheStore | null> {
  if (plan.cache === null || unit !== null) return null;
  try {
    return await deps.openCache(plan.cache);
  } catch (error) {
    if (!(error instanceof ControllerError)) throw error;
    for (const item of held.run.items.filter(({ state }) => state === 'open')) {
      await held.note({ ...withFault(item, 'cache', error.message), state: 'failed' });
    }
    return null;
  }
}

async function allItems(
  deps: WarmDeps,
  { plan, unit, deadline }: WarmRequest,
  { items }: RunRequest,
  held: HeldRun,
  cache: CacheStore | null,
): Promise<void> {
  const context: ItemContext = {
    ...{ deps, plan, held, cache },
    pace: deps.pace(plan.limits),
    host: unit?.host ?? null,
    isOver: () => held.isLost || deps.clock.now() >= deadline,
  };
  // One after the other: so no more connections are open than the plan may have, and the first item is warm first.
  for (const item of items) {
    const progress = held.run.items.find(({ name }) => name === item.name);
    if (progress?.state === 'open' && !context.isOver()) await warmItem(context, item, progress);
  }
}

async function endOf(
  deps: WarmDeps,
  request: WarmRequest,
  held: HeldRun,
  cache: CacheStore | null,
): Promise<WarmOutcome> {
  if (held.isLost) return { kind: 'taken-over' };
  const open = held.run.items.filter(({ state }) => state === 'open');
  if (open.length > 0) {
    const names = open.map(({ name }) => name).join(', ');
    await held.letGo(
      `${request.plan.name} continues: the time of this process was over, ${names} still to do.`,
    );
    return held.isLost ? { kind: 'taken-over' } : { kind: 'continues', run: held.run };
  }
  const after = cache === null ? null : await sampled(deps, request, cache);
  const report = await held.end(after);
  return report === null ? { kind: 'taken-over' } : { kind: 'ended', report };
}

/** The share of look-ups of everybody that find their key, counted for some seconds; null where that cannot be said. */
async function sampled(
  { sleep, clock }: WarmDeps,
  { plan: { sampleSeconds }, deadline }: WarmRequest,
  cache: CacheStore,
): Promise<HitRate> {
  if (sampleSeconds === 0 || plusSeconds(clock.now(), sampleSeconds) >= deadline) return null;
  try {
    const before = await cache.info();
    await sleep(sampleSeconds * 1000);
    return hitRateOf(before, await cache.info());
  } catch (error) {
    // A figure for people: a cache that does not tell it is warmed all the same.
    if (error instanceof ControllerError) return null;
    throw error;
  }
}

/** A counter that fell was begun anew, by a node that restarted or left. */
function hitRateOf(before: CacheServerInfo, after: CacheServerInfo): HitRate {
  const hits = after.hits - before.hits;
  const misses = after.misses - before.misses;
  return hits < 0 || misses < 0 || hits + misses === 0 ? null : hits / (hits + misses);
}
