import { Cache } from '../../shared/cache/cache.ts';
import type { CacheStore } from '../../shared/ports/cache-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Ids } from '../../shared/ports/ids.ts';

/** What the API's own cache is made of. */
export interface OwnCacheParts {
  readonly clock: Clock;
  readonly ids: Ids;
  /** Makes the store of the server, where one is configured. */
  readonly connect?: () => Promise<CacheStore>;
  /** Told of what goes wrong in the cache: callers are not. */
  readonly onFault?: (error: unknown) => void;
}

/** The API's own cache. Loaded when first needed: see {@link lazyCache}. */
export async function openCache({ clock, ids, connect, onFault }: OwnCacheParts): Promise<Cache> {
  const store = await connect?.();
  return new Cache({
    namespace: 'plimsoll',
    clock,
    ids,
    memory: { maxEntries: 500 },
    ...(store === undefined ? {} : { store }),
    ...(onFault === undefined ? {} : { onFault }),
  });
}
