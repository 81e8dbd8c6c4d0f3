import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../shared/core/receipt.ts';
import { type Instant, instant, plusSeconds } from '../../shared/core/time.ts';
import type { ReceiptQuery, ReceiptStore } from '../../shared/ports/receipt-store.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aReceipt } from '../support/a-receipt.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aTargetId } from '../support/a-state.ts';
import { anEvent, TEN_O_CLOCK } from '../support/an-event.ts';
import { HandClock, type OpenStore, RETENTION_SECONDS } from './store.ts';

const INVALID = expect.objectContaining({ code: 'invalid', retryable: false });
const WEB = aTargetId('web');
const other = aPolicy({ name: 'other', target: { kind: 'ecs-service', cluster: 'prod', service: 'other' } });

const at = (second: number, given: Parameters<typeof aReceipt>[0] = {}): Receipt =>
  aReceipt({ id: `at-${second}`, now: plusSeconds(TEN_O_CLOCK, second), ...given });

const idsOf = (receipts: readonly Receipt[]): readonly string[] => receipts.map(({ id }) => id);

/** Follows the cursors from the first page to the last; every page but the last must be full. */
async function everyPage(
  store: ReceiptStore,
  query: Partial<ReceiptQuery> & { readonly limit: number },
): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.list({ target: WEB, ...query, ...(cursor === null ? {} : { cursor }) });
    if (page.cursor !== null) expect(page.receipts).toHaveLength(query.limit);
    receipts.push(...page.receipts);
    cursor = page.cursor;
  } while (cursor !== null);
  return receipts;
}

/** A receipt whose text cannot be compressed to less than about `bytes`. */
const incompressible = (bytes: number): Receipt => ({
  ...aReceipt(),
  policy: aPolicy({ name: randomBytes(bytes).toString('base64') }),
});

/** What every store of receipts promises. */
export function receiptStoreContract(openStore: OpenStore): void {
  const open = async (clock = new HandClock()) => openStore(clock, RETENTION_SECONDS);

  describe('a store of receipts', () => {
    keeping(open);
    paging(open);
    refusing(open);
  });
}

type Open = (clock?: HandClock) => ReturnType<OpenStore>;

function keeping(open: Open): void {
  it('is empty at first', async () => {
    const { receipts } = await open();
    expect(await receipts.list({ target: WEB, limit: 10 })).toEqual({ receipts: [], cursor: null });
  });

  it('gives receipts back to the byte, numbers that JSON cannot write included', async () => {
    const { receipts } = await open();
    const earlier = [Number.NEGATIVE_INFINITY, -0, 1e-12].map((value) => ({ at: TEN_O_CLOCK, value }));
    const receipt = at(0, {
      policy: aPolicy({ name: 'Größe 4 → 5 🚢 \u0000 \ud800' }),
      snapshot: aSnapshot({
        metrics: {
          cpu: { kind: 'value', value: Number.NaN, at: TEN_O_CLOCK, earlier },
          memory: {
            kind: 'samples',
            samples: [{ unit: null, value: Number.POSITIVE_INFINITY }],
            at: TEN_O_CLOCK,
          },
          requests: 'no-data',
          latency: -0,
        },
      }),
    });
    await receipts.put(receipt);
    const page = await receipts.list({ target: WEB, limit: 1 });
    expect(JSON.stringify(page.receipts)).toBe(JSON.stringify([receipt]));
    expect(page.receipts[0]?.snapshot.metrics).toStrictEqual(receipt.snapshot.metrics);
  });

  it('has one receipt of a decision that was stored twice', async () => {
    const { receipts } = await open();
    await receipts.put(at(0));
    await receipts.put(at(0));
    expect(idsOf(await everyPage(receipts, { limit: 10 }))).toEqual(['at-0']);
  });

  it('tells targets, events and heads apart', async () => {
    const { receipts, history, ledger } = await open();
    const { state } = at(0);
    await ledger.commit({ target: WEB, expectedVersion: 0, state, events: [] });
    await history.append([anEvent({ id: 'event', at: TEN_O_CLOCK })]);
    await receipts.put(at(0));
    await receipts.put(at(1, { policy: other }));
    expect(idsOf(await everyPage(receipts, { limit: 10 }))).toEqual(['at-0']);
    expect(idsOf(await everyPage(receipts, { target: aTargetId('other'), limit: 10 }))).toEqual(['at-1']);
    for (const target of [{ target: WEB }, {}]) {
      const { events } = await history.list({ ...target, order: 'oldest-first', limit: 10 });
      expect(events.map(({ id }) => id)).toEqual(['event']);
    }
    expect([...(await ledger.load([WEB])).values()]).toHaveLength(1);
  });

  it('leaves out receipts whose retention is over, to the second, in full pages', async () => {
    const clock = new HandClock();
    const { receipts } = await open(clock);
    for (let age = 0; age < 10; age += 1) await receipts.put(at(-age));
    expect(await everyPage(receipts, { limit: 2 })).toHaveLength(10);
    clock.advance(RETENTION_SECONDS - 3);
    expect(idsOf(await everyPage(receipts, { limit: 2 }))).toEqual(['at-0', 'at--1', 'at--2']);
    clock.advance(3);
    expect(await everyPage(receipts, { limit: 2 })).toEqual([]);
  });
}

function paging(open: Open): void {
  it.each([1, 3, 4, 100])('pages newest first without a gap or a repeat, %i a page', async (limit) => {
    const { receipts } = await open();
    const seconds = [5, 1, 9, 3, 7, 2, 8, 4, 6, 0];
    for (const second of seconds) await receipts.put(at(second));
    expect(idsOf(await everyPage(receipts, { limit }))).toEqual(
      [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((second) => `at-${second}`),
    );
  });

  it('includes since and excludes until', async () => {
    const { receipts } = await open();
    for (const second of [0, 1, 2, 3]) await receipts.put(at(second));
    const within = async (since: Instant, until: Instant) =>
      idsOf(await everyPage(receipts, { since, until, limit: 2 }));
    expect(await within(plusSeconds(TEN_O_CLOCK, 1), plusSeconds(TEN_O_CLOCK, 3))).toEqual(['at-2', 'at-1']);
    expect(await within(TEN_O_CLOCK, TEN_O_CLOCK)).toEqual([]);
    expect(await within(plusSeconds(TEN_O_CLOCK, 9), TEN_O_CLOCK)).toEqual([]);
  });

  it('goes on after the cursor when receipts arrive between two pages', async () => {
    const { receipts } = await open();
    for (const second of [2, 4, 6]) await receipts.put(at(second));
    const first = await receipts.list({ target: WEB, limit: 2 });
    for (const second of [1, 5, 8]) await receipts.put(at(second));
    const rest = await receipts.list({ target: WEB, limit: 9, cursor: first.cursor ?? '' });
    expect(idsOf([...first.receipts, ...rest.receipts])).toEqual(['at-6', 'at-4', 'at-2', 'at-1']);
  });

  it('reads on where one call of the store carries less than a page', async () => {
    const { receipts } = await open();
    // Eight receipts of 150 KB: more than the megabyte that a query of DynamoDB answers with.
    for (let index = 0; index < 8; index += 1)
      await receipts.put({
        ...incompressible(150_000),
        id: `large-${index}`,
        now: plusSeconds(TEN_O_CLOCK, index),
      });
    expect(await everyPage(receipts, { limit: 8 })).toHaveLength(8);
    expect(await everyPage(receipts, { limit: 3 })).toHaveLength(8);
  });
}

function refusing(open: Open): void {
  it('refuses a receipt that is too large with its size and the fix, and keeps none of it', async () => {
    const { receipts } = await open();
    await expect(receipts.put(incompressible(250_000))).rejects.toEqual(
      expect.objectContaining({
        code: 'rejected',
        retryable: false,
        message: expect.stringMatching(
          /has \d{6} bytes compressed and may have 204800: read a shorter history/,
        ),
      }),
    );
    expect(await everyPage(receipts, { limit: 10 })).toEqual([]);
  });

  it('refuses a number that JSON cannot write where no metric stands', async () => {
    const { receipts } = await open();
    await expect(receipts.put({ ...at(0), snapshot: aSnapshot({ desired: Number.NaN }) })).rejects.toEqual(
      INVALID,
    );
    await expect(receipts.put({ ...at(0), now: instant(-1) })).rejects.toEqual(INVALID);
  });

  it.each([0, -1, 101, 1.5, Number.NaN])('refuses a limit of %d', async (limit) => {
    const { receipts } = await open();
    await expect(receipts.list({ target: WEB, limit })).rejects.toEqual(INVALID);
  });

  it('refuses cursors that are not its own', async () => {
    const { receipts, history } = await open();
    for (const second of [0, 1]) {
      await receipts.put(at(second));
      await history.append([anEvent({ id: `event-${second}` })]);
    }
    const own = (await receipts.list({ target: WEB, limit: 1 })).cursor ?? '';
    const ofEvents = (await history.list({ target: WEB, order: 'newest-first', limit: 1 })).cursor ?? '';
    expect(ofEvents).not.toBe('');
    const refused = [
      { target: WEB, cursor: ofEvents },
      { target: WEB, cursor: 'not a cursor' },
      { target: aTargetId('other'), cursor: own },
      { target: WEB, since: plusSeconds(TEN_O_CLOCK, 2), cursor: own },
    ];
    for (const query of refused) await expect(receipts.list({ limit: 1, ...query })).rejects.toEqual(INVALID);
    await expect(history.list({ target: WEB, order: 'newest-first', limit: 1, cursor: own })).rejects.toEqual(
      INVALID,
    );
  });
}
