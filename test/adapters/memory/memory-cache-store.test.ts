import { describe } from 'vitest';
import { MemoryCacheStore } from '../../../shared/adapters/memory/memory-cache-store.ts';
import { cacheStoreContract } from '../../contracts/cache-store.contract.ts';
import { HandClock } from '../../contracts/store.ts';

describe('a cache server in memory', () => {
  cacheStoreContract(async () => {
    const clock = new HandClock();
    return { store: new MemoryCacheStore(clock), pass: async (seconds) => clock.advance(seconds) };
  });
});
