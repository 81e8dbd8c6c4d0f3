import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MemoryCacheStore } from '../../shared/adapters/memory/memory-cache-store.ts';
import { HandClock } from '../contracts/store.ts';
import { aCache, deferred, twoProcesses } from '../support/a-two-level-cache.ts';

const TTL = { ttlSeconds: 60 };
const INVALID = { code: 'invalid', retryable: false };

/** A loader that counts: v1, v2, … */
const counting = () => {
  let calls = 0;
  return Object.assign(async () => `v${++calls}`, { calls: () => calls });
};

describe('a value that is loaded', () => {
  it('is loaded once while it is fresh, and again when its time is over', async () => {
    const { cache, clock } = aCache();
    const load = counting();
    expect(await cache.getOrLoad('k', load, TTL)).toBe('v1');
    clock.advance(59.999);
    expect(await cache.getOrLoad('k', load, TTL)).toBe('v1');
    clock.advance(0.001);
    expect(await cache.getOrLoad('k', load, TTL)).toBe('v2');
    expect(cache.statistics()).toMatchObject({ hits: { memory: 1, remote: 0 }, misses: 2, loads: 2 });
  });

  it('is loaded by one of a thousand callers', async () => {
    for (const { cache } of [aCache(), twoProcesses().one]) {
      const load = counting();
      const values = await Promise.all(Array.from({ length: 1_000 }, () => cache.getOrLoad('k', load, TTL)));
      expect(new Set(values)).toEqual(new Set(['v1']));
      expect(load.calls()).toBe(1);
      expect(cache.statistics()).toMatchObject({ misses: 1_000, loads: 1 });
    }
  });

  it('is served stale at once, while one newer value is loaded', async () => {
    const { cache, clock } = aCache();
    const load = counting();
    const stale = { ttlSeconds: 60, staleSeconds: 30 };
    await cache.getOrLoad('k', load, stale);
    clock.advance(89);
    expect(await Promise.all([1, 2, 3].map(() => cache.getOrLoad('k', load, stale)))).toEqual([
      'v1',
      'v1',
      'v1',
    ]);
    await turn();
    expect(load.calls()).toBe(2);
    expect(await cache.getOrLoad('k', load, stale)).toBe('v2');
    expect(cache.statistics()).toMatchObject({ staleHits: 3, hits: { memory: 1 }, misses: 1 });
    clock.advance(90);
    expect(await cache.getOrLoad('k', load, stale)).toBe('v3');
  });

  it('reaches every caller as an error when its loader fails, and is tried again', async () => {
    const { cache } = aCache();
    const fails = () => Promise.reject(new Error('no database'));
    const calls = [cache.getOrLoad('k', fails, TTL), cache.getOrLoad('k', fails, TTL)];
    for (const call of calls) await expect(call).rejects.toThrow('no database');
    expect(await cache.getOrLoad('k', () => 'back', TTL)).toBe('back');
    expect(cache.statistics()).toMatchObject({ loads: 2, loadErrors: 1 });
  });

  it('is served stale in place of an error of its loader, which is reported', async () => {
    const { cache, clock, faults } = aCache();
    const stale = { ttlSeconds: 60, staleSeconds: 30 };
    await cache.getOrLoad('k', () => 'old', stale);
    clock.advance(70);
    const fails = () => Promise.reject(new Error('no database'));
    expect(await cache.getOrLoad('k', fails, stale)).toBe('old');
    await turn();
    expect(faults).toHaveLength(1);
    clock.advance(20);
    await expect(cache.getOrLoad('k', fails, stale)).rejects.toThrow('no database');
  });

  it('is not kept when it is undefined, unless that is asked for', async () => {
    const { cache, clock } = aCache();
    let calls = 0;
    const nothing = () => {
      calls += 1;
      return undefined;
    };
    await cache.getOrLoad('k', nothing, TTL);
    await cache.getOrLoad('k', nothing, TTL);
    expect(calls).toBe(2);
    const asked = { ttlSeconds: 60, absentTtlSeconds: 5 };
    await cache.getOrLoad('k', nothing, asked);
    expect(await cache.getOrLoad('k', nothing, asked)).toBeUndefined();
    expect(calls).toBe(3);
    clock.advance(5);
    await cache.getOrLoad('k', nothing, asked);
    expect(calls).toBe(4);
  });

  it('keeps null, false, 0 and empty texts apart from nothing', async () => {
    for (const value of [null, false, 0, '']) {
      const { one, other } = twoProcesses();
      await one.cache.getOrLoad('k', () => value, TTL);
      expect(await other.cache.getOrLoad<unknown>('k', () => 'loaded', TTL)).toBe(value);
    }
  });

  it('arrives alike from the loader, from memory and from the server, and cannot be changed', async () => {
    const { one, other } = twoProcesses();
    const load = () => ({ at: new Date(0), list: [{ a: 1 }], none: undefined });
    const seen = [
      await one.cache.getOrLoad<unknown>('k', load, TTL),
      await one.cache.getOrLoad<unknown>('k', load, TTL),
      await other.cache.getOrLoad<unknown>('k', load, TTL),
    ];
    for (const value of seen)
      expect(value).toStrictEqual({ at: '1970-01-01T00:00:00.000Z', list: [{ a: 1 }] });
    const list = (seen[1] as { list: { a: number }[] }).list;
    expect(() => list.push({ a: 2 })).toThrow(TypeError);
  });

  it('may be bytes, and large values are compressed on the server', async () => {
    const clock = new HandClock();
    const store = new MemoryCacheStore(clock);
    const [one, other] = [aCache({ clock, store }), aCache({ clock, store })];
    const bytes = Uint8Array.from({ length: 50_000 }, (_, at) => at % 7);
    await one.cache.set('raw', bytes, TTL);
    await one.cache.set('text', 'x'.repeat(50_000), TTL);
    expect(Buffer.from((await other.cache.get<Uint8Array>('raw')) ?? []).equals(bytes)).toBe(true);
    expect(await other.cache.get('text')).toBe('x'.repeat(50_000));
    expect((await store.info()).usedBytes).toBeLessThan(2_000);
  });

  it('reaches its caller but is not kept when it is too large or not JSON', async () => {
    const { cache, faults } = aCache({ maxValueBytes: 100 });
    const circular: { self?: unknown } = {};
    circular.self = circular;
    for (const value of ['x'.repeat(200), 1n, circular, () => 1]) {
      expect(await cache.getOrLoad<unknown>('k', () => value, TTL)).toBe(value);
    }
    expect(await cache.set('k', 'x'.repeat(200), TTL)).toBe(false);
    expect(cache.statistics()).toMatchObject({ refused: 5, memory: { entries: 0 } });
    expect(faults).toHaveLength(5);
  });
});

describe('memory', () => {
  it('keeps as many entries and bytes as it may, the latest used', async () => {
    const { cache } = aCache({ memory: { maxEntries: 3 } });
    for (const key of ['a', 'b', 'c']) await cache.set(key, key, TTL);
    await cache.get('a');
    await cache.set('d', 'd', TTL);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((key) => cache.get(key)))).toEqual([
      'a',
      undefined,
      'c',
      'd',
    ]);
    // A key of one byte and the three bytes of "x" in JSON.
    expect(cache.statistics().memory).toMatchObject({ entries: 3, bytes: 12, evictions: 1 });
    const small = aCache({ memory: { maxBytes: 10 } }).cache;
    await small.set('a', 'a', TTL);
    await small.set('b', 'b', TTL);
    await small.set('c', 'c', TTL);
    expect(small.statistics().memory).toMatchObject({ entries: 2, bytes: 8 });
  });

  it('says null for the hit rate before the first read', async () => {
    const { cache } = aCache();
    expect(cache.statistics()).toMatchObject({ hitRate: null, remote: null });
    await cache.set('a', 1, TTL);
    await cache.get('a');
    await cache.get('b');
    expect(cache.statistics().hitRate).toBe(0.5);
  });
});

describe('bad input is refused with the number', () => {
  it.each([
    ['a long key', 'k'.repeat(1_025), TTL, /1025 bytes \(at most 1024\)/],
    ['a long key of few characters', '€'.repeat(342), TTL, /1026 bytes/],
    ['an empty key', '', TTL, /empty/],
    ['no time', 'k', { ttlSeconds: 0 }, /ttlSeconds is 0/],
    ['a time that is no number', 'k', { ttlSeconds: Number.NaN }, /ttlSeconds is NaN/],
    ['an endless time', 'k', { ttlSeconds: Number.POSITIVE_INFINITY }, /ttlSeconds is Infinity/],
    ['a negative stale time', 'k', { ttlSeconds: 1, staleSeconds: -1 }, /staleSeconds is -1/],
    ['a negative time for nothing', 'k', { ttlSeconds: 1, absentTtlSeconds: -1 }, /absentTtlSeconds is -1/],
    ['many tags', 'k', { ttlSeconds: 1, tags: Array.from({ length: 17 }, String) }, /17 tags/],
    ['an empty tag', 'k', { ttlSeconds: 1, tags: [''] }, /tag is empty/],
  ])('%s', async (_name, key, options, message) => {
    const { cache } = aCache();
    const call = cache.getOrLoad(key, () => 1, options);
    await expect(call).rejects.toMatchObject({ ...INVALID, message: expect.stringMatching(message) });
  });

  it('a namespace that means something in a pattern', () => {
    expect(() => aCache({ namespace: 'a*' })).toThrow(/namespace "a\*"/);
  });
});

describe('two processes with one server', () => {
  it('share what one of them has loaded', async () => {
    const { one, other } = twoProcesses();
    const load = counting();
    await one.cache.getOrLoad('k', load, TTL);
    expect(await other.cache.getOrLoad('k', load, TTL)).toBe('v1');
    expect(other.cache.statistics().hits).toEqual({ memory: 0, remote: 1 });
  });

  it('see a deletion by the other within the time that memory is trusted', async () => {
    const { one, other, clock } = twoProcesses({ memory: { trustSeconds: 5 } });
    await one.cache.set('k', 'old', TTL);
    await other.cache.get('k');
    expect(await one.cache.delete('k')).toEqual({ memory: 1, remote: 'done' });
    clock.advance(4.999);
    expect(await other.cache.get('k')).toBe('old');
    clock.advance(0.001);
    expect(await other.cache.get('k')).toBeUndefined();
  });

  it.each(['tag', 'pattern'] as const)('see an invalidation by %s', async (kind) => {
    const { one, other, clock } = twoProcesses({ memory: { trustSeconds: 5 } });
    await one.cache.set('user:1', 'a', { ...TTL, tags: ['users', 'all'] });
    await one.cache.set('user:2', 'b', { ...TTL, tags: ['users'] });
    await one.cache.set('page:1', 'c', { ...TTL, tags: ['all'] });
    for (const key of ['user:1', 'user:2', 'page:1']) await other.cache.get(key);
    const gone = kind === 'tag' ? one.cache.invalidateTag('users') : one.cache.invalidatePattern('user:?');
    expect(await gone).toEqual({ memory: 2, remote: 'done' });
    clock.advance(5);
    for (const { cache } of [one, other]) {
      const left = await Promise.all(['user:1', 'user:2', 'page:1'].map((key) => cache.get(key)));
      expect(left).toEqual([undefined, undefined, 'c']);
    }
  });

  it('do not keep what was loaded before a tag was invalidated, whoever did it', async () => {
    for (const who of ['one', 'other'] as const) {
      const both = twoProcesses({ memory: { trustSeconds: 0 } });
      const reads = deferred<string>();
      const tagged = { ...TTL, tags: ['t'] };
      const began = deferred<void>();
      const reading = () => {
        began.resolve();
        return reads.promise;
      };
      const first = both.one.cache.getOrLoad('k', reading, tagged);
      await began.promise;
      await both[who].cache.invalidateTag('t');
      reads.resolve('of before');
      expect(await first).toBe('of before');
      expect(await both.one.cache.getOrLoad('k', () => 'of after', tagged)).toBe('of after');
    }
  });

  it('do not bring an entry back when the version of its tag is lost', async () => {
    const clock = new HandClock();
    const store = new MemoryCacheStore(clock);
    const { cache } = aCache({ clock, store, memory: { trustSeconds: 0 } });
    await cache.set('k', 'old', { ...TTL, tags: ['t'] });
    await cache.invalidateTag('t');
    await store.delete(['test:t:t']);
    expect(await cache.get('k')).toBeUndefined();
    await cache.set('other', 1, { ...TTL, tags: ['t'] });
    expect(await cache.get('k')).toBeUndefined();
    expect(await cache.get('other')).toBe(1);
  });

  it('let a deletion win over a load of this process that began before it', async () => {
    const { one } = twoProcesses();
    const reads = deferred<string>();
    const began = deferred<void>();
    const reading = () => {
      began.resolve();
      return reads.promise;
    };
    const first = one.cache.getOrLoad('k', reading, TTL);
    await began.promise;
    await one.cache.delete('k');
    expect(await one.cache.getOrLoad('k', () => 'new', TTL)).toBe('new');
    reads.resolve('old');
    expect(await first).toBe('old');
    expect(await one.cache.get('k')).toBe('new');
  });

  it.each(['delete', 'invalidateTag', 'invalidatePattern'] as const)(
    'let %s win over a look that began before it',
    async (invalidate) => {
      const { server, clock } = twoProcesses();
      const answers = deferred<void>();
      const slow = new Proxy(server.store, {
        get: (target, name) =>
          name === 'get'
            ? async (key: string) => {
                const found = await target.get(key);
                await answers.promise;
                return found;
              }
            : Reflect.get(target, name),
      });
      const { cache } = aCache({ clock, store: slow });
      await cache.set('k', 'old', { ...TTL, tags: ['t'] });
      clock.advance(6);
      const look = cache.get('k');
      await turn();
      await cache[invalidate](invalidate === 'invalidateTag' ? 't' : 'k');
      answers.resolve();
      await look;
      expect(await cache.get('k')).toBeUndefined();
    },
  );

  it('read an entry that is not one of theirs as none', async () => {
    const clock = new HandClock();
    const store = new MemoryCacheStore(clock);
    const { cache, faults } = aCache({ clock, store });
    for (const [at, text] of ['', 'hello, world', '\u0001\u0000\u0000\u0000\u0000\u0002{}'].entries()) {
      await store.set({ key: `test:v:${at}`, value: Buffer.from(text), ttlSeconds: 60 });
      expect(await cache.getOrLoad(String(at), () => 'loaded', TTL)).toBe('loaded');
    }
    expect(cache.statistics().remote).toMatchObject({ undecodable: 3, errors: 0 });
    expect(faults).toHaveLength(3);
  });
});
