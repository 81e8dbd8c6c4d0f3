import type { Context } from 'hono';
import * as z from 'zod/mini';
import type { Cache } from '../../../shared/cache/cache.ts';
import type { Invalidated } from '../../../shared/cache/cache-options.ts';
import { answer, invalidFields, type Refusal, refuse } from './answers.ts';
import { readQuery } from './query.ts';

const text = z.optional(z.string().check(z.minLength(1, 'must not be empty')));
const clearQuery = z.strictObject({ pattern: text, tag: text });

/** `GET /api/infrastructure/cache/stats`: what the cache of this process has done. */
export function cacheStats(c: Context, cache: Cache): Response {
  const { hits, staleHits, misses, hitRate, memory, remote, ...rest } = cache.statistics();
  return answer(c, {
    hits: hits.memory + hits.remote + staleHits,
    misses,
    hitRate: hitRate === null ? null : percent(hitRate),
    keys: memory.entries,
    memory: {
      used: memory.bytes,
      available: memory.maxBytes,
      percentage: percent(memory.bytes / memory.maxBytes),
      evictions: memory.evictions,
    },
    hitsByLevel: { ...hits, stale: staleHits },
    ...rest,
    remote,
  });
}

/** `GET /api/infrastructure/cache/keys/:key`: an entry with its times. */
export async function cachedKey(c: Context, cache: Cache, key: string): Promise<Response> {
  const found = await cache.inspect(key);
  if (found === null) return refuse(c, NOT_CACHED);
  const { value, freshUntil, staleUntil, tags, bytes } = found.stored;
  return answer(c, {
    key,
    level: found.from,
    freshUntil: new Date(freshUntil).toISOString(),
    staleUntil: new Date(staleUntil).toISOString(),
    tags: tags.map(([tag]) => tag),
    bytes,
    value,
  });
}

/** `DELETE /api/infrastructure/cache/keys/:key`: the next who asks is read to anew. Deleting what is not there is done, too. */
export const deleteKey = async (c: Context, cache: Cache, key: string): Promise<Response> =>
  answer(c, outcomeOf(await cache.delete(key)));

/** `DELETE /api/infrastructure/cache/clear`: all that we keep, or what has a tag, or keys that match a pattern. */
export async function clearCache(c: Context, cache: Cache): Promise<Response> {
  const read = readQuery(clearQuery, c.req.queries());
  if (!read.ok) return refuse(c, invalidFields(read.problems));
  const { pattern, tag } = read.value;
  if (pattern !== undefined && tag !== undefined) return refuse(c, invalidFields([EITHER]));
  const cleared = tag === undefined ? cache.invalidatePattern(pattern ?? '*') : cache.invalidateTag(tag);
  return answer(c, outcomeOf(await cleared));
}

const outcomeOf = ({ memory, remote }: Invalidated) => ({ deletedFromMemory: memory, remote });

const percent = (share: number): number => Math.round(share * 1_000) / 10;

const EITHER = { field: 'tag', problem: 'must not be given together with pattern' };

const NOT_CACHED: Refusal = {
  status: 404,
  code: 'not-cached',
  message: 'There is no such entry now. A kept answer has its key in X-Cache-Key, and is kept for a minute.',
};
