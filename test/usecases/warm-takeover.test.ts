import { expect, it } from 'vitest';
import { MemoryCacheStore } from '../../shared/adapters/memory/memory-cache-store.ts';
import { instant } from '../../shared/core/time.ts';
import { warmId, warmOf } from '../../shared/core/warm-state.ts';
import type { WarmSource } from '../../shared/ports/warm-source.ts';
import { aWarmPlan } from '../support/a-warm-plan.ts';
import { warm, warmDeps } from '../support/a-warmer.ts';

it('a run that somebody else has taken over writes nothing more, and leaves the run to the other one', async () => {
  let now = Date.now();
  let pages = 0;
  const deps = warmDeps({
    clock: { now: () => instant(now) },
    openCache: async () => new MemoryCacheStore({ now: () => instant(now) }),
    sources: { open: async () => source },
  });
  const takeOver = async () => {
    const entry = (await deps.ledger.load([warmId('popular')])).get(warmId('popular'))!;
    const run = warmOf(entry.state).run!;
    const state = { ...entry.state, warm: { run: { ...run, holder: 'another' }, last: null } };
    await deps.ledger.commit({ target: entry.target, expectedVersion: entry.version, state, events: [] });
  };
  const source: WarmSource = {
    page: async () => {
      pages += 1;
      if (pages === 3) await takeOver();
      now += 20_000;
      return { kind: 'page', rows: [{ id: pages }], next: pages === 10 ? null : String(pages), queries: 1 };
    },
    ask: null,
    close: async () => undefined,
  };
  const outcome = await warm(deps, aWarmPlan(), { deadline: instant(1e15) });
  expect(outcome).toEqual({ kind: 'taken-over' });
  expect(pages).toBe(3);
  const entry = (await deps.ledger.load([warmId('popular')])).get(warmId('popular'))!;
  expect(warmOf(entry.state).run).toMatchObject({ holder: 'another', items: [{ rows: 2 }] });
  expect(entry.state.warmedAt).toBeUndefined();
});
