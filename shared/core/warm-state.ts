import { BLANK_STATE } from './blank-state.ts';
import type { LedgerEntry, TargetState } from './ledger-entry.ts';
import type { TargetId } from './target.ts';
import { type Instant, plusSeconds } from './time.ts';
import type { WarmItem } from './warm-plan.ts';

/** Why a key was not warmed. */
export const WARM_FAULTS = [
  'too-much', // more rows, keys, bytes or capacity than the plan allows
  'unknown-column',
  'key-too-long',
  'value-too-large',
  'timeout',
  'source',
  'cache',
  'value', // no value, or one that cannot be written
] as const;

/** Why a key was not warmed. */
export type WarmFault = (typeof WARM_FAULTS)[number];

/** How far one item is. */
export interface ItemProgress {
  readonly name: string;
  /** Where its source goes on; null = at the beginning. */
  readonly cursor: string | null;
  /** Rows that are done with, over all pages. */
  readonly rows: number;
  /** Keys that were written. */
  readonly keys: number;
  /** Keys that had a value already. */
  readonly kept: number;
  readonly bytes: number;
  readonly queries: number;
  /** Rows that failed, by kind. */
  readonly faults: Readonly<Partial<Record<WarmFault, number>>>;
  /** The first few faults, in sentences without values. */
  readonly said: readonly string[];
  readonly state: 'open' | 'done' | 'failed';
}

/** A share of look-ups that found their key; null = there were none, or nobody counted. */
export type HitRate = number | null;

/** A run under way, or one that was cut off. */
export interface WarmRun {
  readonly id: string;
  readonly startedAt: Instant;
  /** Until then nobody else may take it over. */
  readonly leaseUntil: Instant;
  /** Who runs it now. */
  readonly holder: string;
  readonly reason: string;
  readonly items: readonly ItemProgress[];
  readonly hitRateBefore: HitRate;
}

/** What a run came to. */
export interface WarmReport {
  readonly id: string;
  readonly outcome: 'completed' | 'partly' | 'failed';
  readonly reason: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly keys: number;
  readonly kept: number;
  readonly bytes: number;
  readonly queries: number;
  readonly errors: number;
  readonly hitRateBefore: HitRate;
  readonly hitRateAfter: HitRate;
  readonly items: readonly ItemProgress[];
}

/** What the head of a warm plan remembers. */
export interface WarmState {
  readonly run: WarmRun | null;
  readonly last: WarmReport | null;
}

/** Nothing has been warmed yet. */
export const NEVER_WARMED: WarmState = { run: null, last: null };

/** The head of a plan: `warm/<plan>`, or `warm/<plan>/<unit>` for the warm-up of one new replica. */
export const warmId = (plan: string, unit: string | null = null): TargetId =>
  (unit === null ? `warm/${plan}` : `warm/${plan}/${unit}`) as TargetId;

/** The plan's head, as it was read or before it was ever written. */
export const warmEntry = (target: TargetId, found: LedgerEntry | undefined): LedgerEntry =>
  found ?? { target, version: 0, state: BLANK_STATE, outbox: [] };

/** What a head remembers of warming. */
export const warmOf = (state: TargetState): WarmState => state.warm ?? NEVER_WARMED;

/** An item of which nothing is done. */
export const untouched = ({ name }: Pick<WarmItem, 'name'>): ItemProgress => ({
  name,
  cursor: null,
  rows: 0,
  keys: 0,
  kept: 0,
  bytes: 0,
  queries: 0,
  faults: {},
  said: [],
  state: 'open',
});

/** How many faults are told in words. */
const SAID = 3;

/** An item with one more fault. */
export const withFault = (item: ItemProgress, fault: WarmFault, sentence: string): ItemProgress => ({
  ...item,
  faults: { ...item.faults, [fault]: (item.faults[fault] ?? 0) + 1 },
  said: item.said.length < SAID && !item.said.includes(sentence) ? [...item.said, sentence] : item.said,
});

/** Faults of an item. */
export const faultsOf = ({ faults }: ItemProgress): number =>
  Object.values(faults).reduce((sum, count) => sum + count, 0);

/** A claim on the run of a plan. */
export type Claim =
  | { readonly kind: 'busy'; readonly run: WarmRun }
  | { readonly kind: 'begin' | 'resume'; readonly run: WarmRun };

/** Who claims a run, and for how long. */
export interface Claimant {
  readonly holder: string;
  readonly runId: string;
  readonly reason: string;
  readonly now: Instant;
  readonly leaseSeconds: number;
  /** A run that began longer ago is not carried on. */
  readonly runSeconds: number;
}

/** Single flight: a run whose lease has not ended is somebody's; one that was cut off is carried on where it stood. */
export function claim(warm: WarmState, items: readonly WarmItem[], by: Claimant): Claim {
  const { run } = warm;
  const leaseUntil = plusSeconds(by.now, by.leaseSeconds);
  if (run !== null && run.leaseUntil > by.now) return { kind: 'busy', run };
  if (run !== null && plusSeconds(run.startedAt, by.runSeconds) > by.now && isOf(run, items)) {
    return { kind: 'resume', run: { ...run, holder: by.holder, leaseUntil } };
  }
  const fresh: WarmRun = {
    id: by.runId,
    startedAt: by.now,
    leaseUntil,
    holder: by.holder,
    reason: by.reason,
    items: items.map(untouched),
    hitRateBefore: null,
  };
  return { kind: 'begin', run: fresh };
}

/** Whether a run is of these items: a plan that was changed begins anew. */
const isOf = (run: WarmRun, items: readonly WarmItem[]): boolean =>
  run.items.map(({ name }) => name).join('\n') === items.map(({ name }) => name).join('\n');

/** What a run came to, once none of its items is open. */
export function reportOf(run: WarmRun, endedAt: Instant, hitRateAfter: HitRate): WarmReport {
  const sum = (of: (item: ItemProgress) => number) => run.items.reduce((total, item) => total + of(item), 0);
  const errors = sum(faultsOf);
  const failed = run.items.filter(({ state }) => state === 'failed').length;
  const all = failed === run.items.length;
  return {
    ...{ id: run.id, reason: run.reason, startedAt: run.startedAt, endedAt },
    outcome: all ? 'failed' : failed > 0 || errors > 0 ? 'partly' : 'completed',
    keys: sum(({ keys }) => keys),
    kept: sum(({ kept }) => kept),
    bytes: sum(({ bytes }) => bytes),
    queries: sum(({ queries }) => queries),
    errors,
    hitRateBefore: run.hitRateBefore,
    hitRateAfter,
    items: run.items,
  };
}

/**
 * A head after the end of a run. A run that warmed anything counts for who waits for it: the keys that failed would most likely
 * fail again, and a tier must not wait for them.
 */
export const ended = (state: TargetState, report: WarmReport): TargetState => ({
  ...state,
  ...(report.outcome === 'failed' ? {} : { warmedAt: report.endedAt }),
  warm: { run: null, last: report },
});

/** What a run came to, in a sentence. */
export function warmSentence(report: WarmReport): string {
  const seconds = Math.round((report.endedAt - report.startedAt) / 1000);
  const rate = (of: HitRate) => (of === null ? 'unknown' : `${Math.round(of * 1000) / 10} %`);
  const rates = `Hit rate of the cache before ${rate(report.hitRateBefore)}, after ${rate(report.hitRateAfter)}.`;
  const [first] = report.items.flatMap(({ said }) => said);
  return [
    `${report.keys} keys written and ${report.kept} kept, ${report.bytes} bytes, ${report.queries} queries, ${report.errors} ${report.errors === 1 ? 'error' : 'errors'} in ${seconds} s.`,
    ...(report.hitRateBefore === null && report.hitRateAfter === null ? [] : [rates]),
    ...(first === undefined ? [] : [`First error: ${first}`]),
  ].join(' ');
}
