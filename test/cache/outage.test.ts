import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aCache, twoProcesses } from '../support/a-two-level-cache.ts';

const TTL = { ttlSeconds: 60 };
const IMPATIENT = { timeoutMillis: 50, failures: 3, firstPauseMillis: 20, longestPauseMillis: 40 };

/** Two processes whose server is left alone for a moment only. */
const impatient = () => twoProcesses({ patience: IMPATIENT, memory: { trustSeconds: 5 } });

describe('while the server is down', () => {
  it('reads are served by memory and the loader, and no error reaches a caller', async () => {
    const { one, server, clock } = impatient();
    await one.cache.getOrLoad('known', () => 'v', TTL);
    server.down = true;
    clock.advance(30);
    expect(await one.cache.getOrLoad('known', () => 'anew', TTL)).toBe('v');
    expect(await one.cache.getOrLoad('new', () => 'loaded', { ...TTL, tags: ['t'] })).toBe('loaded');
    expect(await one.cache.getOrLoad('new', () => 'again', { ...TTL, tags: ['t'] })).toBe('loaded');
    clock.advance(30);
    expect(await one.cache.getOrLoad('known', () => 'anew', TTL)).toBe('anew');
  });

  it('it is left alone after a few calls, and asked again by itself', async () => {
    const { one, server } = impatient();
    server.down = true;
    for (let key = 0; key < 50; key += 1) await one.cache.getOrLoad(`k${key}`, () => key, TTL);
    expect(one.cache.statistics().remote).toMatchObject({ breaker: 'open', opened: 1, errors: 3 });
    expect(server.calls).toBe(3);
    expect(one.faults).toHaveLength(3);
    server.down = false;
    await pause(80);
    await one.cache.getOrLoad('back', () => 1, TTL);
    expect(one.cache.statistics().remote).toMatchObject({ breaker: 'closed' });
  });

  it.each(['key', 'tag', 'pattern'] as const)(
    'an invalidation by %s waits, and comes before the next read',
    async (kind) => {
      const { one, other, server, clock } = impatient();
      await one.cache.set('k', 'old', { ...TTL, tags: ['t'] });
      await other.cache.get('k');
      server.down = true;
      const { cache } = one;
      const told = {
        key: () => cache.delete('k'),
        tag: () => cache.invalidateTag('t'),
        pattern: () => cache.invalidatePattern('*'),
      };
      expect(await told[kind]()).toEqual({ memory: 1, remote: 'pending' });
      expect(cache.statistics().remote).toMatchObject({ pendingInvalidations: 1 });
      server.down = false;
      await pause(80);
      expect(await cache.get('k')).toBeUndefined();
      expect(cache.statistics().remote).toMatchObject({ pendingInvalidations: 0 });
      clock.advance(5);
      expect(await other.cache.get('k')).toBeUndefined();
    },
  );

  it('a value that is set then is not followed by the one that the server had before', async () => {
    const { one, server, clock } = impatient();
    await one.cache.set('k', 'old', TTL);
    server.down = true;
    expect(await one.cache.set('k', 'new', TTL)).toBe(false);
    expect(await one.cache.get('k')).toBe('new');
    server.down = false;
    await pause(80);
    clock.advance(5);
    expect(await one.cache.get('k')).toBeUndefined();
  });

  it('ten thousand invalidations are remembered, and more become one of everything', async () => {
    const { one, server } = impatient();
    await one.cache.set('kept?', 1, TTL);
    server.down = true;
    for (let key = 0; key <= 10_000; key += 1) await one.cache.delete(`k${key}`);
    expect(one.cache.statistics().remote).toMatchObject({ pendingInvalidations: 1 });
  });
});

it('a server that never answers costs a caller its time once, not for ever', async () => {
  const { store } = twoProcesses().server;
  const silent = {
    ...store,
    get: () => new Promise<never>(() => {}),
    set: () => new Promise<never>(() => {}),
  };
  const { cache } = aCache({
    store: silent,
    patience: { ...IMPATIENT, longestPauseMillis: 60_000, firstPauseMillis: 60_000 },
  });
  const started = performance.now();
  for (let key = 0; key < 100; key += 1) await cache.getOrLoad(`k${key}`, () => key, TTL);
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(cache.statistics()).toMatchObject({ loads: 100, remote: { breaker: 'open', errors: 3 } });
});

it('an entry that the server refuses does not count as a fault of the server', async () => {
  const { ControllerError } = await import('../../shared/core/controller-error.ts');
  const { store } = twoProcesses().server;
  const full = new Proxy(store, {
    get: (target, name) =>
      name === 'set'
        ? () => Promise.reject(new ControllerError('rejected', 'OOM', { retryable: false }))
        : Reflect.get(target, name),
  });
  const { cache } = aCache({ store: full, patience: IMPATIENT });
  for (let key = 0; key < 20; key += 1) await cache.getOrLoad(`k${key}`, () => key, TTL);
  expect(cache.statistics().remote).toMatchObject({ breaker: 'closed', errors: 20 });
});
