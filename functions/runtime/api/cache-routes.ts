import type { Context, Handler } from 'hono';
import type { Cache } from '../../../shared/cache/cache.ts';

/** The routes about the API's own cache. */
interface CacheRoutes {
  readonly stats: Handler;
  readonly get: Handler;
  readonly delete: Handler;
  readonly clear: Handler;
}

/** What answers them is loaded when one of them is asked for: nobody's cold start waits for it. */
export function cacheRoutes(cache: () => Promise<Cache>): CacheRoutes {
  const answers = () => import('./cache-answers.ts');
  const key = (c: Context): string => c.req.param('key') ?? '';
  return {
    stats: async (c) => (await answers()).cacheStats(c, await cache()),
    get: async (c) => (await answers()).cachedKey(c, await cache(), key(c)),
    delete: async (c) => (await answers()).deleteKey(c, await cache(), key(c)),
    clear: async (c) => (await answers()).clearCache(c, await cache()),
  };
}
