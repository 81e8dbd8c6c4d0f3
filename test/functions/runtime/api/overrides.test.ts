import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { envelope } from '../../../../events/contracts/envelope.ts';
import {
  emergencyReport,
  overrideList,
  overrideSet,
  overridesCleared,
} from '../../../../events/contracts/override-answers.ts';
import { createApi } from '../../../../functions/runtime/api/app.ts';
import { ControllerError } from '../../../../shared/core/controller-error.ts';
import { ALog } from '../../../support/a-log.ts';
import { aPolicy } from '../../../support/a-policy.ts';
import { AWorld } from '../../../support/a-world.ts';

const OVERRIDES = '/api/infrastructure/scaling/overrides';
const EMERGENCY = '/api/infrastructure/scaling/emergency';

let world: AWorld;
let log: ALog;

beforeEach(() => {
  world = new AWorld([
    aPolicy({ coreSize: 3 }),
    aPolicy({ name: 'shop', target: { kind: 'ecs-service', cluster: 'prod', service: 'shop' } }),
  ]);
  world.measure('cpu', 70);
  log = new ALog();
});

function request(method: string, path: string, body?: object) {
  const app = createApi({
    controller: world.deps,
    events: world.events,
    failover: world.failover,
    version: '1.2.3',
    ownerOf: () => 'ada',
    requestIdOf: () => 'request-7',
    log,
  });
  return app.request(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
}

const set = (fields: object = {}) =>
  request('POST', OVERRIDES, {
    service: 'web',
    kind: 'floor',
    size: 6,
    reason: 'sale at noon',
    expiresIn: '2h',
    ...fields,
  });
const act = (fields: object = {}) =>
  request('POST', EMERGENCY, { service: 'web', action: 'boost', reason: 'the queue is full', ...fields });

/** The data of an answer, checked by its contract. */
async function dataOf<S extends z.ZodMiniType>(response: Response, schema: S): Promise<z.output<S>> {
  const body = envelope.parse(await response.json());
  if (!body.success) throw new Error(body.error.message);
  return z.parse(schema, body.data);
}

async function refusalOf(response: Response) {
  const body = envelope.parse(await response.json());
  if (body.success) throw new Error('it was granted');
  return { status: response.status, ...body.error };
}

describe('POST overrides', () => {
  it('puts a floor in force, and answers with it, its event and what it led to', async () => {
    const response = await set();
    expect(response.status).toBe(202);
    expect(await dataOf(response, overrideSet)).toMatchObject({
      override: {
        target: 'ecs-service/prod/web',
        policy: 'web',
        kind: 'floor',
        size: 6,
        direction: null,
        force: false,
        owner: 'ada',
        setAt: '2026-11-20T10:00:00.000Z',
        expiresAt: '2026-11-20T12:00:00.000Z',
      },
      event: { type: 'OverrideSet', cause: 'override', from: 4, to: 6 },
      effect: 'The size 4 is below the minimum of 6 that an operator set.',
      resize: { from: 4, to: 6 },
    });
    expect(world.service.desired).toBe(6);
  });

  it('freezes all, for an hour when nothing is said', async () => {
    const body = { service: undefined, size: undefined, expiresIn: undefined, all: true, kind: 'pause' };
    expect(await dataOf(await set(body), overrideSet)).toMatchObject({
      override: {
        target: 'account/all',
        policy: '*',
        kind: 'pause',
        direction: 'both',
        expiresAt: '2026-11-20T11:00:00.000Z',
      },
      resize: null,
    });
    const events = await request('GET', '/api/infrastructure/scaling/events?target=account/all');
    expect(events.status).toBe(200);
  });

  it.each([
    ['service', { service: undefined }],
    ['service', { all: true }],
    ['service', { service: '' }],
    ['all', { all: false }],
    ['kind', { kind: 'freeze' }],
    ['kind', { all: true, service: undefined }],
    ['size', { size: undefined }],
    ['size', { size: '6' }],
    ['size', { size: -1 }],
    ['size', { kind: 'pause' }],
    ['direction', { direction: 'out' }],
    ['direction', { kind: 'pause', size: undefined, direction: 'up' }],
    ['force', { kind: 'pin', force: true, reason: 'it is a long one' }],
    ['reason', { force: true, reason: 'because' }],
    ['reason', { reason: ' ' }],
    ['expiresIn', { expiresIn: '8d' }],
    ['until', { until: 'noon' }],
  ])('refuses a wrong %s with 400: %j', async (field, fields) => {
    const { status, code, message, details } = await refusalOf(await set(fields));
    expect({ status, code }).toEqual({ status: 400, code: 'invalid-request' });
    expect(message).toContain(field);
    expect(details).toMatchObject({ fields: expect.arrayContaining([expect.objectContaining({ field })]) });
    expect(world.service.desired).toBe(4);
  });

  it('refuses contradictions with 422, unknown targets with 404, and what is no JSON', async () => {
    expect(await refusalOf(await set({ size: 21 }))).toMatchObject({
      status: 422,
      code: 'contradiction',
      message: expect.stringContaining('maximum of 20'),
    });
    expect(await refusalOf(await set({ service: 'nobody' }))).toMatchObject({
      status: 404,
      code: 'unknown-target',
    });
    expect(await refusalOf(await request('POST', OVERRIDES))).toMatchObject({ status: 415 });
    expect(await refusalOf(await set({ reason: 'x'.repeat(20_000) }))).toMatchObject({ status: 413 });
  });
});

describe('GET overrides', () => {
  it('lists what is in force, of all targets or of one', async () => {
    await set();
    await set({ service: 'shop', kind: 'pause', size: undefined, direction: 'in' });
    const kinds = async (query: string) =>
      (await dataOf(await request('GET', OVERRIDES + query), overrideList)).overrides.map(({ kind }) => kind);
    expect(await kinds('')).toEqual(['floor', 'pause']);
    expect(await kinds('?service=shop')).toEqual(['pause']);
    expect(await refusalOf(await request('GET', `${OVERRIDES}?service=nobody`))).toMatchObject({
      status: 404,
    });
    expect(await refusalOf(await request('GET', `${OVERRIDES}?target=web`))).toMatchObject({ status: 400 });
    expect(await refusalOf(await request('GET', `${OVERRIDES}?service=web&service=shop`))).toMatchObject({
      status: 400,
    });
  });
});

describe('DELETE overrides', () => {
  it('clears those of a kind, or all of a target', async () => {
    await set();
    await set({ kind: 'ceiling', size: 9 });
    const one = await request('DELETE', `${OVERRIDES}?service=web&kind=floor`);
    expect(await dataOf(one, overridesCleared)).toMatchObject({
      overrides: [{ kind: 'floor', size: 6 }],
      events: [{ type: 'OverrideCleared', owner: 'ada' }],
    });
    const rest = await request('DELETE', `${OVERRIDES}?service=web`);
    expect((await dataOf(rest, overridesCleared)).overrides).toMatchObject([{ kind: 'ceiling' }]);
  });

  it('ends a freeze of all', async () => {
    await set({ service: undefined, size: undefined, all: true, kind: 'pause' });
    const response = await request('DELETE', `${OVERRIDES}?all=true`);
    expect((await dataOf(response, overridesCleared)).overrides).toMatchObject([{ target: 'account/all' }]);
  });

  it('ends all that is in force everywhere, with what became of it at each', async () => {
    await set({ service: undefined, size: undefined, all: true, kind: 'pause' });
    await act({ service: undefined, all: true });
    const answer = await dataOf(await request('DELETE', `${OVERRIDES}?all=true`), overridesCleared);
    expect(answer).toMatchObject({
      overrides: [{ kind: 'pause' }, { policy: 'web', kind: 'floor' }, { policy: 'shop', kind: 'floor' }],
      events: [{ target: 'account/all' }, { policy: 'web' }, { policy: 'shop' }],
      effect: 'Nothing of it is in force any more.',
      resize: null,
      complete: true,
      applied: 3,
      failed: 0,
      outcomes: [
        {
          policy: '*',
          outcome: 'done',
          effect: 'Whom it held back is asked with the next tick, within a minute.',
        },
        { policy: 'web', outcome: 'done', overrides: [{ size: 6 }] },
        { policy: 'shop', outcome: 'done', events: [{ type: 'OverrideCleared' }] },
      ],
    });
    expect(await refusalOf(await request('DELETE', `${OVERRIDES}?all=true`))).toMatchObject({
      status: 404,
      code: 'nothing-to-clear',
    });
  });

  it('reports whom it missed, and is unavailable when it cleared nothing', async () => {
    await set();
    await set({ service: 'shop' });
    const commit = world.ledger.commit.bind(world.ledger);
    const slow = new ControllerError('throttled', 'slow down', { retryable: true });
    const failing = new Set(['web', 'shop']);
    world.ledger.commit = (wish) =>
      failing.has(wish.target.split('/').at(-1) ?? '') ? Promise.reject(slow) : commit(wish);
    expect(await refusalOf(await request('DELETE', `${OVERRIDES}?all=true`))).toMatchObject({
      status: 503,
      code: 'unavailable',
      details: { outcomes: [{ detail: 'slow down' }, { code: 'unavailable' }] },
    });
    failing.delete('web');
    const partly = await request('DELETE', `${OVERRIDES}?all=true&kind=floor`);
    expect(await dataOf(partly, overridesCleared)).toMatchObject({
      overrides: [{ policy: 'web' }],
      effect: '1 of 2 could not be cleared; outcomes say why.',
      complete: false,
      outcomes: [{ outcome: 'done' }, { policy: 'shop', outcome: 'failed' }],
    });
  });

  it('refuses what is not there, and what it does not understand', async () => {
    expect(await refusalOf(await request('DELETE', `${OVERRIDES}?service=web`))).toMatchObject({
      status: 404,
      code: 'nothing-to-clear',
    });
    expect(await refusalOf(await request('DELETE', `${OVERRIDES}?service=nobody`))).toMatchObject({
      status: 404,
    });
    for (const query of ['', '?service=web&all=true', '?all=yes', '?service=web&kind=freeze']) {
      expect(await refusalOf(await request('DELETE', OVERRIDES + query))).toMatchObject({ status: 400 });
    }
  });
});

describe('POST emergency', () => {
  it('boosts one target at once', async () => {
    const response = await act();
    expect(response.status).toBe(202);
    expect(await dataOf(response, emergencyReport)).toMatchObject({
      complete: true,
      applied: 1,
      failed: 0,
      outcomes: [
        {
          policy: 'web',
          outcome: 'done',
          from: 4,
          to: 6,
          resize: { from: 4, to: 6 },
          override: { expiresAt: '2026-11-20T10:30:00.000Z' },
        },
      ],
    });
    expect(world.service.desired).toBe(6);
  });

  it('takes the place of what contradicts it, and says so', async () => {
    await set({ kind: 'pin', size: 4 });
    expect(await dataOf(await act(), emergencyReport)).toMatchObject({
      outcomes: [
        {
          outcome: 'done',
          cleared: [{ kind: 'pin', size: 4 }],
          detail: expect.stringMatching(/The pin of 4 that ada set until .* makes way\.$/),
        },
      ],
    });
    expect(world.service.desired).toBe(6);
  });

  it('reports what it did and did not do when it is for all', async () => {
    const response = await act({ service: undefined, all: true, action: 'circuit-breaker' });
    expect(response.status).toBe(202);
    expect(await dataOf(response, emergencyReport)).toMatchObject({
      complete: false,
      applied: 1,
      failed: 1,
      outcomes: [
        { policy: 'web', outcome: 'done', to: 3 },
        { policy: 'shop', outcome: 'failed', code: 'no-core-size' },
      ],
    });
  });

  it('is refused when it reached nobody', async () => {
    for (const service of world.services.values()) service.gone = true;
    expect(await refusalOf(await act({ service: undefined, all: true }))).toMatchObject({
      status: 422,
      code: 'nothing-done',
      details: { outcomes: [{ code: 'target-missing' }, { code: 'target-missing' }] },
    });
    expect(await refusalOf(await act())).toMatchObject({ status: 404, code: 'target-missing' });
  });

  it('is refused where the policy declares no core size, with the fix', async () => {
    const response = await act({ service: 'shop', action: 'circuit-breaker' });
    expect(await refusalOf(response)).toMatchObject({
      status: 422,
      code: 'no-core-size',
      message: expect.stringContaining('add coreSize'),
    });
  });

  it('is refused when there are no policies, or none of that name', async () => {
    expect(await refusalOf(await act({ service: 'nobody' }))).toMatchObject({ status: 404 });
    world = new AWorld([]);
    expect(await refusalOf(await act({ service: undefined, all: true }))).toMatchObject({
      code: 'nothing-done',
    });
  });

  it.each([
    ['action', { action: 'panic' }],
    ['percent', { percent: 0 }],
    ['percent', { percent: 1001 }],
    ['percent', { action: 'circuit-breaker', percent: 50 }],
    ['force', { action: 'circuit-breaker', force: true }],
    ['reason', { force: true, reason: 'now!' }],
    ['service', { all: true }],
    ['size', { size: 6 }],
  ])('refuses a wrong %s with 400: %j', async (field, fields) => {
    const { status, message } = await refusalOf(await act(fields));
    expect(status).toBe(400);
    expect(message).toContain(field);
  });
});

it('says which methods a path takes', async () => {
  for (const [path, allowed] of [
    [OVERRIDES, 'GET, HEAD, POST, DELETE'],
    [EMERGENCY, 'POST'],
  ] as const) {
    const response = await request('PUT', path, {});
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allowed);
  }
});

it('logs neither reasons nor queries', async () => {
  await set({ reason: 'hunter2 hunter2 hunter2', force: true, size: 25 });
  await request('DELETE', `${OVERRIDES}?service=hunter2`);
  expect(log.lines.length).toBeGreaterThan(1);
  expect(JSON.stringify(log.lines)).not.toContain('hunter2');
});
