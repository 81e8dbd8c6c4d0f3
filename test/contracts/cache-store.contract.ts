import { describe, expect, it } from 'vitest';
import type { CacheStore } from '../../shared/ports/cache-store.ts';

/** A store, and how time passes for it. */
export interface OpenCacheStore {
  readonly store: CacheStore;
  readonly pass: (seconds: number) => Promise<void>;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (value: Uint8Array | null | undefined): string | null =>
  value === null || value === undefined ? null : Buffer.from(value).toString();

const scanned = async (store: CacheStore, pattern: string): Promise<readonly string[]> => {
  const keys = new Set<string>();
  for await (const batch of store.scan(pattern)) for (const key of batch) keys.add(key);
  return [...keys].sort();
};

/** What every cache server promises. Each test uses keys of its own, so one server may serve them all. */
export function cacheStoreContract(open: () => Promise<OpenCacheStore>): void {
  values(open);
  locks(open);
  scans(open);
}

function values(open: () => Promise<OpenCacheStore>): void {
  describe('values', () => {
    it('are read as they were written, byte for byte', async () => {
      const { store } = await open();
      const value = Uint8Array.from({ length: 256 }, (_, at) => at);
      await store.set({ key: 'v:bytes', value, ttlSeconds: 60 });
      expect([...((await store.get('v:bytes')) ?? [])]).toEqual([...value]);
      expect(await store.get('v:none')).toBeNull();
    });

    it('take the place of earlier ones, and may be empty', async () => {
      const { store } = await open();
      await store.set({ key: 'v:place', value: bytes('one'), ttlSeconds: 60 });
      await store.set({ key: 'v:place', value: bytes(''), ttlSeconds: 60 });
      expect(text(await store.get('v:place'))).toBe('');
    });

    it('end with their time, each its own', async () => {
      const { store, pass } = await open();
      await store.set({ key: 'v:short', value: bytes('s'), ttlSeconds: 0.2 });
      await store.set({ key: 'v:long', value: bytes('l'), ttlSeconds: 60 });
      expect(text(await store.get('v:short'))).toBe('s');
      await pass(0.3);
      expect(await store.get('v:short')).toBeNull();
      expect(text(await store.get('v:long'))).toBe('l');
    });

    it('are written and read many at once, whatever their slots', async () => {
      const { store } = await open();
      const keys = Array.from({ length: 2_500 }, (_, at) => `v:many:${at}`);
      await store.setMany(keys.map((key) => ({ key, value: bytes(key), ttlSeconds: 60 })));
      const found = await store.getMany([...keys, 'v:many:none']);
      expect(found.size).toBe(2_500);
      expect(keys.every((key) => text(found.get(key)) === key)).toBe(true);
      expect(await store.getMany([])).toEqual(new Map());
    });

    it('are deleted, and only what existed counts', async () => {
      const { store } = await open();
      await store.set({ key: 'v:del:1', value: bytes('1'), ttlSeconds: 60 });
      await store.set({ key: 'v:del:2', value: bytes('2'), ttlSeconds: 60 });
      expect(await store.delete(['v:del:1', 'v:del:2', 'v:del:3'])).toBe(2);
      expect(await store.get('v:del:1')).toBeNull();
      expect(await store.delete([])).toBe(0);
    });

    it('are counted by the server', async () => {
      const { store } = await open();
      const before = await store.info();
      await store.set({ key: 'v:info', value: bytes('x'), ttlSeconds: 60 });
      await store.getMany(['v:info', 'v:info:none']);
      const after = await store.info();
      expect(after.hits - before.hits).toBe(1);
      expect(after.misses - before.misses).toBe(1);
      expect(after.keys).toBeGreaterThan(0);
      expect(after.usedBytes).toBeGreaterThan(0);
    });
  });
}

function locks(open: () => Promise<OpenCacheStore>): void {
  describe('a lock', () => {
    it('is had by one until its time ends', async () => {
      const { store, pass } = await open();
      const lock = (who: string) => store.setIfAbsent({ key: 'l:1', value: bytes(who), ttlSeconds: 0.2 });
      expect(await Promise.all([lock('a'), lock('b'), lock('c')])).toEqual([true, false, false]);
      await pass(0.3);
      expect(await lock('b')).toBe(true);
    });

    it('is given back only by the one who has it', async () => {
      const { store } = await open();
      await store.setIfAbsent({ key: 'l:2', value: bytes('a'), ttlSeconds: 60 });
      expect(await store.deleteIfEqual('l:2', bytes('b'))).toBe(false);
      expect(text(await store.get('l:2'))).toBe('a');
      expect(await store.deleteIfEqual('l:2', bytes('a'))).toBe(true);
      expect(await store.deleteIfEqual('l:2', bytes('a'))).toBe(false);
    });
  });
}

function scans(open: () => Promise<OpenCacheStore>): void {
  describe('a scan', () => {
    it('finds every key that matches, and no other', async () => {
      const { store } = await open();
      const keys = Array.from({ length: 3_000 }, (_, at) => `s:${at % 2 === 0 ? 'even' : 'odd'}:${at}`);
      await store.setMany(keys.map((key) => ({ key, value: bytes('x'), ttlSeconds: 60 })));
      expect(await scanned(store, 's:even:*')).toEqual(keys.filter((key) => key.includes('even')).sort());
      expect(await scanned(store, 's:nothing:*')).toEqual([]);
    });

    it('reads globs as Redis does', async () => {
      const { store } = await open();
      const names = ['a', 'b', 'z', '*', '?', '[', ']', '^', '-', '\\', 'ab', 'abc', 'a*c', 'a]', 'ba', ''];
      await store.setMany(names.map((n) => ({ key: `g:${n}`, value: bytes('x'), ttlSeconds: 60 })));
      const matching = async (glob: string) => (await scanned(store, `g:${glob}`)).map((key) => key.slice(2));
      const order = (list: readonly string[]) => list.toSorted();
      expect(await matching('?')).toEqual(order(['a', 'b', 'z', '*', '?', '[', ']', '^', '-', '\\']));
      expect(await matching('[a-c]')).toEqual(['a', 'b']);
      expect(await matching('[c-a]')).toEqual(['a', 'b']);
      expect(await matching('[^a-z]')).toEqual(order(['*', '?', '[', ']', '^', '-', '\\']));
      expect(await matching('[a-]')).toEqual(order([']', '^', 'a']));
      expect(await matching('\\*')).toEqual(['*']);
      expect(await matching('a\\*c')).toEqual(['a*c']);
      expect(await matching('[\\]a]')).toEqual(order([']', 'a']));
      expect(await matching('[a')).toEqual(['a']);
      expect(await matching('a*c')).toEqual(order(['abc', 'a*c']));
      expect(await matching('*a*')).toEqual(order(['a', 'ab', 'abc', 'a*c', 'a]', 'ba']));
      expect(await matching('')).toEqual(['']);
      expect(await matching('\\')).toEqual(['\\']);
      expect(await matching('[')).toEqual([]);
      expect(await matching('[]')).toEqual([]);
      expect(await matching('[^]')).toEqual(order(['a', 'b', 'z', '*', '?', '[', ']', '^', '-', '\\']));
    });
  });
}
