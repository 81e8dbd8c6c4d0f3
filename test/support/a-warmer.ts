import { setTimeout as sleep } from 'node:timers/promises';
import { MemoryLedger } from '../../shared/adapters/memory/memory-ledger.ts';
import { SequentialIds } from '../../shared/adapters/memory/sequential-ids.ts';
import { SILENT_TELEMETRY } from '../../shared/adapters/memory/silent-telemetry.ts';
import { queuePace } from '../../shared/adapters/pace/queue-pace.ts';
import { RedisCacheStore } from '../../shared/adapters/redis/redis-cache-store.ts';
import { warmSources } from '../../shared/adapters/warm-sources.ts';
import { instant } from '../../shared/core/time.ts';
import type { WarmPlan } from '../../shared/core/warm-plan.ts';
import { type WarmOutcome, type WarmRequest, warmCache } from '../../shared/usecases/warm-cache.ts';
import type { WarmDeps } from '../../shared/usecases/warm-deps.ts';

const never = async () => {
  throw new Error('not for this test');
};

/** What warming is wired from on this machine: real sources, the real cache server, a ledger in memory. */
export const warmDeps = (
  overrides: Partial<WarmDeps> = {},
): WarmDeps & { readonly ledger: MemoryLedger } => ({
  clock: { now: () => instant(Date.now()) },
  ids: new SequentialIds('run'),
  telemetry: SILENT_TELEMETRY,
  sources: warmSources({ secrets: { read: never }, tokenOf: never, dynamo: never }),
  openCache: async ({ host, port }) => new RedisCacheStore({ host, port, cluster: false, tls: null }),
  pace: queuePace,
  random: Math.random,
  sleep,
  ...overrides,
  ledger: new MemoryLedger(),
  ...('ledger' in overrides ? { ledger: overrides.ledger as MemoryLedger } : {}),
});

/** Runs a plan with all the time in the world, unless the request says otherwise. */
export const warm = (
  deps: WarmDeps,
  plan: WarmPlan,
  request: Partial<Omit<WarmRequest, 'plan'>> = {},
): Promise<WarmOutcome> =>
  warmCache(deps, {
    ...{ plan, reason: 'by a test', unit: null, deadline: instant(Date.now() + 600_000) },
    ...request,
  });
