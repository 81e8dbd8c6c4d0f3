import { describe, expect, it } from 'vitest';
import { BLANK_STATE } from '../../shared/core/blank-state.ts';
import { instant, plusSeconds } from '../../shared/core/time.ts';
import {
  claim,
  ended,
  faultsOf,
  type ItemProgress,
  NEVER_WARMED,
  reportOf,
  untouched,
  type WarmRun,
  warmEntry,
  warmId,
  warmOf,
  warmSentence,
  withFault,
} from '../../shared/core/warm-state.ts';
import { aSqlItem } from '../support/a-warm-plan.ts';
import { NOW } from '../support/now.ts';

const items = [aSqlItem({ name: 'a' }), aSqlItem({ name: 'b' })];
const by = { holder: 'me', runId: 'r2', reason: 'now', now: NOW, leaseSeconds: 60, runSeconds: 3600 };
const aRun = (overrides: Partial<WarmRun> = {}): WarmRun => ({
  id: 'r1',
  startedAt: plusSeconds(NOW, -100),
  leaseUntil: plusSeconds(NOW, -1),
  holder: 'other',
  reason: 'before',
  items: items.map(untouched),
  hitRateBefore: null,
  ...overrides,
});
const done = (name: string, overrides: Partial<ItemProgress> = {}): ItemProgress => ({
  ...untouched({ name }),
  ...{ keys: 10, kept: 2, bytes: 100, queries: 3, rows: 12, state: 'done' },
  ...overrides,
});

describe('the claim on a run', () => {
  it('begins where there is none, and where the last one ended', () => {
    expect(claim(NEVER_WARMED, items, by)).toMatchObject({
      kind: 'begin',
      run: { id: 'r2', holder: 'me', startedAt: NOW, leaseUntil: plusSeconds(NOW, 60), hitRateBefore: null },
    });
  });

  it('is refused while the lease of another one holds', () => {
    const run = aRun({ leaseUntil: plusSeconds(NOW, 1) });
    expect(claim({ run, last: null }, items, by)).toEqual({ kind: 'busy', run });
  });

  it('carries on what was cut off, under another holder', () => {
    const cut = aRun({ items: [done('a'), untouched({ name: 'b' })] });
    const resumed = claim({ run: cut, last: null }, items, by);
    expect(resumed).toEqual({
      kind: 'resume',
      run: { ...cut, holder: 'me', leaseUntil: plusSeconds(NOW, 60) },
    });
  });

  it('begins anew when the run is too old, or of other items', () => {
    const old = aRun({ startedAt: plusSeconds(NOW, -3600) });
    expect(claim({ run: old, last: null }, items, by).kind).toBe('begin');
    expect(claim({ run: aRun(), last: null }, items.slice(1), by).kind).toBe('begin');
  });
});

describe('what a run came to', () => {
  const report = (...progress: readonly ItemProgress[]) => reportOf(aRun({ items: progress }), NOW, 0.975);

  it('is completed when all is done, partly when some of it failed, and failed when all did', () => {
    const broken = withFault(done('b', { state: 'failed' }), 'source', 'It did not answer.');
    expect(report(done('a'), done('b')).outcome).toBe('completed');
    expect(report(done('a'), broken).outcome).toBe('partly');
    expect(report(done('a'), withFault(done('b'), 'value', 'One.')).outcome).toBe('partly');
    expect(report(broken).outcome).toBe('failed');
    expect(report(done('a'), done('b'))).toMatchObject({
      keys: 20,
      kept: 4,
      bytes: 200,
      queries: 6,
      errors: 0,
    });
  });

  it('is said in a sentence, with the hit rates where they are known', () => {
    const told = warmSentence({ ...report(done('a')), hitRateBefore: 0.42 });
    expect(told).toBe(
      '10 keys written and 2 kept, 100 bytes, 3 queries, 0 errors in 100 s. Hit rate of the cache before 42 %, after 97.5 %.',
    );
    const silent = reportOf(aRun({ items: [withFault(done('a'), 'timeout', 'Too slow.')] }), NOW, null);
    expect(warmSentence(silent)).toBe(
      '10 keys written and 2 kept, 100 bytes, 3 queries, 1 error in 100 s. First error: Too slow.',
    );
    expect(warmSentence(report(done('a')))).toContain('before unknown, after 97.5 %');
  });

  it('counts for who waits for it, unless it failed', () => {
    expect(ended(BLANK_STATE, report(done('a')))).toMatchObject({ warmedAt: NOW, warm: { run: null } });
    const earlier = { ...BLANK_STATE, warmedAt: instant(1) };
    expect(ended(earlier, report(done('a', { state: 'failed' }))).warmedAt).toBe(1);
  });
});

describe('faults', () => {
  it('are counted all, and told the first three that differ', () => {
    let item = untouched({ name: 'a' });
    for (const said of ['1', '1', '2', '3', '4']) item = withFault(item, 'value', said);
    expect(item.said).toEqual(['1', '2', '3']);
    expect(faultsOf(item)).toBe(5);
  });
});

describe('the head of a plan', () => {
  it('is that of the plan, or of one unit', () => {
    expect(warmId('p')).toBe('warm/p');
    expect(warmId('p', 'db-1')).toBe('warm/p/db-1');
    const entry = warmEntry(warmId('p'), undefined);
    expect(entry).toMatchObject({ version: 0, outbox: [] });
    expect(warmEntry(warmId('p'), entry)).toBe(entry);
    expect(warmOf(entry.state)).toBe(NEVER_WARMED);
  });
});
