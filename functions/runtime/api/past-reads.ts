import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { Cache } from '../../../shared/cache/cache.ts';
import { type Instant, secondsBetween } from '../../../shared/core/time.ts';
import type { Clock } from '../../../shared/ports/clock.ts';

/** Seconds after which a time is past: an event is in the history a few seconds after it happened, retries included. */
const SETTLED_SECONDS = 900;
/** Seconds that an answer is kept: how late a straggler, or an expiry, may be seen. */
const TTL_SECONDS = 60;

/** A list as it was asked for; without an end, it is about the present. */
interface Asked {
  readonly until?: Instant;
}

/** Reads a list, or takes the answer of a minute ago where the end of its range has long passed. */
export type PastReads = <T>(c: Context, list: string, query: Asked, load: () => Promise<T>) => Promise<T>;

/**
 * Keeps answers about closed ranges of the past. Everything else is read anew and does not even load the cache. A kept answer
 * says so: `X-Cache-Key` is the name under which it can be looked at and deleted.
 */
export const pastReads =
  (cache: () => Promise<Cache>, clock: Clock): PastReads =>
  async (c, list, query, load) => {
    const { until } = query;
    if (until === undefined || secondsBetween(until, clock.now()) < SETTLED_SECONDS) return load();
    const key = `${list}:${createHash('sha256').update(JSON.stringify(query)).digest('hex').slice(0, 32)}`;
    c.header('X-Cache-Key', key);
    return (await cache()).getOrLoad(key, load, { ttlSeconds: TTL_SECONDS, tags: [list] });
  };
