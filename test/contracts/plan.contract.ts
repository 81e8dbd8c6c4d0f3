import { describe, expect, it } from 'vitest';
import type { ControllerDeps } from '../../shared/usecases/deps.ts';
import { evaluateSignal } from '../../shared/usecases/handle-signal.ts';
import { AShop } from '../support/three-tiers.ts';
import { HandClock, type OpenStore, RETENTION_SECONDS } from './store.ts';

/** The plan of an application on any ledger: fifty evaluations of clients and of their database at the same moment. */
export function planContract(openStore: OpenStore): void {
  const open = async (sizes: Readonly<Record<'database' | 'cache' | 'web', number>>) => {
    const { ledger } = await openStore(new HandClock(), RETENTION_SECONDS);
    const shop = new AShop(sizes);
    const deps: ControllerDeps = { ...shop.deps, ledger };
    const look = (name: string, turn: number) =>
      evaluateSignal(deps, { kind: 'sweep', id: `look-${turn}`, target: shop.idOf(name), at: shop.now });
    shop.wish(sizes);
    for (const name of Object.keys(sizes)) await look(name, 0);
    return { shop, look };
  };

  describe('fifty evaluations of the tiers of an application at the same moment', () => {
    it.each([
      ['clients that want more while the database wants less', { database: 1, cache: 1, web: 24 }],
      ['clients that want all that there could ever be', { database: 2, cache: 1, web: 60 }],
    ])('never break the budget of connections: %s', async (_, wishes) => {
      const { shop, look } = await open({ database: 2, cache: 1, web: 20 });
      shop.wish(wishes);
      const turns = Array.from({ length: 50 }, (_each, turn) =>
        look(turn % 2 === 0 ? 'web' : 'database', turn),
      );
      const ended = await Promise.allSettled(turns);
      expect(ended.some(({ status }) => status === 'fulfilled')).toBe(true);
      const { used, allowed } = shop.connections();
      expect(used).toBeLessThanOrEqual(allowed);
    });
  });
}
