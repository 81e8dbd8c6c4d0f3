import { beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../../functions/runtime/api/app.ts';
import { ControllerError } from '../../../../shared/core/controller-error.ts';
import { decide } from '../../../../shared/core/decide.ts';
import type { Receipt } from '../../../../shared/core/receipt.ts';
import { receiptOf } from '../../../../shared/core/receipt-text.ts';
import { plusSeconds } from '../../../../shared/core/time.ts';
import { handleSignal } from '../../../../shared/usecases/handle-signal.ts';
import { ALog } from '../../../support/a-log.ts';
import { aPolicy } from '../../../support/a-policy.ts';
import { aReceipt } from '../../../support/a-receipt.ts';
import { aSnapshot } from '../../../support/a-snapshot.ts';
import { AWorld } from '../../../support/a-world.ts';

const RECEIPTS = '/api/infrastructure/scaling/receipts';

let world: AWorld;
let deps: AWorld['deps'];

beforeEach(() => {
  world = new AWorld([aPolicy()]);
  deps = world.deps;
});

const get = (query: string, method = 'GET') =>
  createApi({
    controller: deps,
    events: world.events,
    failover: world.failover,
    version: '1.2.3',
    ownerOf: () => 'local',
    requestIdOf: () => 'request-7',
    log: new ALog(),
  }).request(`${RECEIPTS}${query}`, { method });

async function list(query: string) {
  const response = await get(query);
  expect(response.status, await response.clone().text()).toBe(200);
  const body = (await response.json()) as {
    success: boolean;
    data: { receipts: Receipt[]; cursor: string | null };
  };
  expect(body.success).toBe(true);
  return body.data;
}

async function refusal(query: string, method = 'GET') {
  const response = await get(query, method);
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  return { status: response.status, ...error };
}

describe('GET /api/infrastructure/scaling/receipts', () => {
  it('lists a resize with everything that led to it, so that it can be decided again', async () => {
    world.measure('cpu', 83.2);
    await handleSignal(deps, world.alarm());
    const { receipts, cursor } = await list('?target=web');
    expect(cursor).toBeNull();
    expect(receipts).toHaveLength(1);
    const [receipt] = receipts;
    if (receipt === undefined) throw new Error('no receipt');
    const { policy, snapshot, state, signal, now, decision } = receipt;
    expect(decision).toMatchObject({ kind: 'resize', from: 4, to: 5 });
    expect(JSON.stringify(decide(policy, snapshot, state, signal, now))).toBe(JSON.stringify(decision));
  });

  it('writes numbers that JSON has no word for as texts', async () => {
    const receipt = aReceipt({ now: world.now, snapshot: aSnapshot({ metrics: { cpu: Number.NaN } }) });
    await world.receipts.put(receipt);
    const [listed] = (await list('?target=web')).receipts;
    expect(listed?.snapshot.metrics['cpu']).toMatchObject({ value: 'NaN' });
    expect(receiptOf(listed as Receipt)).toStrictEqual(receipt);
  });

  it('pages newest first with a cursor, within since and until', async () => {
    for (const minute of [0, 1, 2, 3, 4])
      await world.receipts.put(aReceipt({ id: `at-${minute}`, now: plusSeconds(world.now, minute * 60) }));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = await list(
        `?target=web&since=2026-11-20T10:01:00Z&until=2026-11-20T11:04:00+01:00&limit=2${next}`,
      );
      seen.push(...page.receipts.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(['at-3', 'at-2', 'at-1']);
  });

  it('gives a shorter page where a full one would be longer than an answer may be', async () => {
    const reason = 'because '.repeat(100_000);
    for (const minute of [0, 1, 2, 3, 4]) {
      const receipt = aReceipt({ id: `at-${minute}`, now: plusSeconds(world.now, minute * 60) });
      await world.receipts.put({ ...receipt, policy: { ...receipt.policy, name: reason } });
    }
    const first = await list('?target=web&limit=5');
    expect(first.receipts.map(({ id }) => id)).toEqual(['at-4', 'at-3']);
    const second = await list(`?target=web&limit=5&cursor=${first.cursor}`);
    expect(second.receipts[0]?.id).toBe('at-2');
  });

  it.each([
    ['target', ''],
    ['target', '?target='],
    ['target', '?target=web&target=web'],
    ['since', '?target=web&since=yesterday'],
    ['until', '?target=web&since=2026-11-20&until=2026-11-19'],
    ['limit', '?target=web&limit=101'],
    ['type', '?target=web&type=ScalingHeld'],
    ['cursor', '?target=web&cursor='],
  ])('refuses with 400 and names %s: %s', async (field, query) => {
    expect(await refusal(query)).toMatchObject({
      status: 400,
      code: 'invalid-request',
      message: expect.stringContaining(field),
      details: { fields: [{ field }] },
    });
  });

  it('refuses a cursor that is not its own, an unknown target and another method', async () => {
    expect(await refusal('?target=web&cursor=bm9uc2Vuc2U')).toMatchObject({ status: 400 });
    expect(await refusal('?target=nobody')).toMatchObject({ status: 404, code: 'unknown-target' });
    expect(await refusal('?target=web', 'POST')).toMatchObject({ status: 405, code: 'method-not-allowed' });
  });

  it('answers 503 while the store does not answer', async () => {
    const error = new ControllerError('unavailable', 'secret', { retryable: true });
    deps = { ...deps, receipts: { put: async () => {}, list: () => Promise.reject(error) } };
    expect(await refusal('?target=web')).toMatchObject({ status: 503, code: 'unavailable' });
  });
});
