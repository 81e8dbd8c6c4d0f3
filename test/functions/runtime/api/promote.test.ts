import { beforeEach, describe, expect, it } from 'vitest';
import { promotionAnswer } from '../../../../events/contracts/promote-request.ts';
import { createApi } from '../../../../functions/runtime/api/app.ts';
import { ControllerError } from '../../../../shared/core/controller-error.ts';
import { aReplica } from '../../../support/a-failover.ts';
import { ALog } from '../../../support/a-log.ts';
import { aPolicy } from '../../../support/a-policy.ts';
import { AWorld } from '../../../support/a-world.ts';
import { aReplicasTarget } from '../../../support/database-policies.ts';

const PROMOTE = '/api/infrastructure/database/promote';

let world: AWorld;
beforeEach(() => {
  world = new AWorld([
    aPolicy({
      name: 'orders-replicas',
      target: aReplicasTarget(),
    }),
    aPolicy(),
  ]);
});

async function post(fields: object = {}) {
  const app = createApi({
    controller: world.deps,
    events: world.events,
    failover: world.failover,
    version: '1.2.3',
    ownerOf: () => 'ada',
    requestIdOf: () => 'request-7',
    log: new ALog(),
  });
  const response = await app.request(PROMOTE, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ service: 'orders-replicas', reason: 'the disk is full', ...fields }),
  });
  const body = (await response.json()) as { data?: Record<string, unknown>; error?: Record<string, unknown> };
  return { status: response.status, ...body };
}

const tokenOf = ({ data }: { readonly data?: Record<string, unknown> }) =>
  promotionAnswer.parse(data).confirmation?.token ?? '';

describe(`POST ${PROMOTE}`, () => {
  it('answers the checks and a token first, and promotes with the token', async () => {
    const first = await post();
    expect(first).toMatchObject({
      status: 200,
      data: {
        target: 'rds-replicas/orders',
        policy: 'orders-replicas',
        replica: 'orders-1',
        source: 'orders',
        confirmation: { expiresAt: '2026-11-20T10:05:00.000Z' },
        event: null,
      },
    });
    expect(world.failover.promoted).toEqual([]);
    const second = await post({ confirm: tokenOf(first) });
    expect(second).toMatchObject({
      status: 202,
      data: { confirmation: null, event: { type: 'ReplicaPromoted', owner: 'ada', success: true } },
    });
    expect(promotionAnswer.safeParse(second.data).success).toBe(true);
    expect(world.failover.promoted).toEqual(['orders-1']);
    expect(await world.history()).toEqual(['PromotionStarted', 'ReplicaPromoted']);
  });

  it('refuses with everything that is in the way, and says whether force would help', async () => {
    const source = { id: 'orders', status: 'available', healthy: true, engine: 'postgres' };
    world.failover.view = { ...world.failover.view, source };
    expect(await post()).toMatchObject({
      status: 409,
      error: {
        code: 'promotion-refused',
        message:
          'orders-1 is not promoted. orders is available: it takes writes, and nothing has to take its place. With force and a reason it can be done all the same.',
        details: { checks: expect.arrayContaining([expect.objectContaining({ name: 'source', ok: false })]) },
      },
    });
    expect(await post({ force: true, reason: 'we leave this zone' })).toMatchObject({ status: 200 });
    world.failover.view = { ...world.failover.view, replicas: [aReplica({ leaving: true })] };
    expect(await post()).toMatchObject({
      error: { message: expect.stringMatching(/Force does not help here\.$/) },
    });
  });

  it.each<[object, number, string, RegExp]>([
    [{ confirm: 'yes' }, 409, 'not-confirmed', /Nothing was done/],
    [{ replica: 'nobody' }, 404, 'no-replica', /name one of orders-1/],
    [{ service: 'web' }, 422, 'not-promotable', /no replicas that could be promoted/],
    [{ service: 'nope' }, 404, 'unknown-target', /No policy names the target "nope"/],
    [{ reason: '' }, 400, 'invalid-request', /reason must say why/],
    [{ force: true, reason: 'because' }, 400, 'invalid-request', /sentence of at least 3 words/],
    [{ replica: '' }, 400, 'invalid-request', /replica must be the identifier of a replica/],
    [{ confirm: 7 }, 400, 'invalid-request', /confirm must be the token/],
    [{ all: true }, 400, 'invalid-request', /all is not a field/],
  ])('answers %j with %i %s', async (fields, status, code, message) => {
    expect(await post(fields)).toMatchObject({
      status,
      error: { code, message: expect.stringMatching(message) },
    });
    expect(world.failover.promoted).toEqual([]);
  });

  it.each([
    [false, 502],
    [true, 503],
  ])('says that AWS did not do it (retryable: %s)', async (retryable, status) => {
    const confirm = tokenOf(await post());
    world.failover.onPromote = () => new ControllerError('unavailable', 'not now', { retryable });
    expect(await post({ confirm })).toMatchObject({
      status,
      error: { code: 'promotion-failed', details: { event: { type: 'PromotionFailed', success: false } } },
    });
  });
});
