import { beforeEach, describe, expect, it } from 'vitest';
import { ControllerError } from '../../shared/core/controller-error.ts';
import type { Receipt } from '../../shared/core/receipt.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld } from '../support/a-world.ts';

let world: AWorld;

const receipts = async (): Promise<readonly Receipt[]> =>
  (await world.receipts.list({ target: world.target, limit: 100 })).receipts;

const aWorldThatKeeps = (receiptsOfHolds: number): AWorld =>
  new AWorld([aPolicy({ evaluation: 'everyMinute', receiptsOfHolds })]);

beforeEach(() => {
  world = aWorldThatKeeps(0);
});

describe('the receipts of a controller', () => {
  it('has one of every resize, with the inputs as they were, under the id that events carry', async () => {
    world.measure('cpu', 83.2);
    await handleSignal(world.deps, world.alarm());
    const [receipt] = await receipts();
    expect(receipt).toMatchObject({
      now: world.now,
      signal: { kind: 'alarm' },
      state: { size: 4, resize: null },
      snapshot: { capacity: { desired: 4 }, metrics: { cpu: { value: 83.2 } } },
      decision: { kind: 'resize', to: 5 },
    });
    await world.relay();
    const { events } = await world.events.list({ order: 'oldest-first', limit: 1 });
    expect(events[0]?.decisionId).toBe(receipt?.id);
  });

  it('has none of a hold where the policy wants none, and one of each where it wants all', async () => {
    for (const share of [0, 1]) {
      world = aWorldThatKeeps(share);
      world.measure('cpu', 70);
      for (let minute = 0; minute < 5; minute += 1) {
        await handleSignal(world.deps, {
          kind: 'sweep',
          id: `s${minute}`,
          target: world.target,
          at: world.now,
        });
        world.pass(60);
      }
      expect(world.decisions).toHaveLength(5);
      expect(await receipts()).toHaveLength(share * world.decisions.length);
    }
  });

  it('stores the receipt of a resize before its commit, so that none is without', async () => {
    const order: string[] = [];
    const { ledger, receipts: store } = world.deps;
    world.measure('cpu', 83.2);
    const deps = {
      ...world.deps,
      receipts: { ...store, put: async () => void order.push('receipt') },
      ledger: {
        load: ledger.load.bind(ledger),
        due: ledger.due.bind(ledger),
        commit: (commit: Parameters<typeof ledger.commit>[0]) => {
          order.push('commit');
          return ledger.commit(commit);
        },
      },
    };
    await handleSignal(deps, world.alarm());
    expect(order).toEqual(['receipt', 'commit', 'commit']);
  });

  it.each([
    ['a refusal', new ControllerError('rejected', 'receipt id-1: it has 300000 bytes', { retryable: false })],
    ['a fault of ours', new TypeError('undefined is not a function')],
    ['what is no error', 'gone'],
  ])('resizes all the same when the store fails with %s, and says so', async (_, error) => {
    const told: unknown[] = [];
    world.measure('cpu', 83.2);
    const deps = {
      ...world.deps,
      receipts: { put: () => Promise.reject(error), list: () => Promise.reject(error) },
      telemetry: {
        ...world.deps.telemetry,
        problem: (message: string, fields: object) => told.push({ message, ...fields }),
      },
    };
    await handleSignal(deps, world.alarm());
    expect(world.service.desired).toBe(5);
    expect(told).toEqual([
      {
        message: 'A decision has no receipt',
        target: world.target,
        decisionId: expect.any(String),
        error: error instanceof Error ? error.message : error,
      },
    ]);
  });
});
