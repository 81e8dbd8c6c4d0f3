import type { WarmCache, WarmLimits } from '../core/warm-plan.ts';
import type { WarmRun } from '../core/warm-state.ts';
import type { CacheStore } from '../ports/cache-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Pace } from '../ports/pace.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { WarmSources } from '../ports/warm-source.ts';

/** What warming needs of the outside world. */
export interface WarmDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  readonly telemetry: Telemetry;
  readonly sources: WarmSources;
  /** Opens a cache. @throws ControllerError when its secret cannot be read. */
  readonly openCache: (cache: WarmCache) => Promise<CacheStore>;
  readonly pace: (limits: Pick<WarmLimits, 'queriesPerSecond' | 'concurrency'>) => Pace;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Told whenever progress was stored. */
  readonly onProgress?: (run: WarmRun) => void;
}
