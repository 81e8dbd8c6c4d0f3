import { beforeEach, describe, expect, it } from 'vitest';
import { type ApiDeps, createApi } from '../../../../functions/runtime/api/app.ts';
import { ControllerError } from '../../../../shared/core/controller-error.ts';
import type { Policy } from '../../../../shared/core/policy.ts';
import type { ControllerDeps } from '../../../../shared/usecases/deps.ts';
import { ALog } from '../../../support/a-log.ts';
import { aPolicy } from '../../../support/a-policy.ts';
import { AWorld } from '../../../support/a-world.ts';

const SCALE = '/api/infrastructure/scaling/scale';
const EVENTS = '/api/infrastructure/scaling/events';

let world: AWorld;
let log: ALog;

beforeEach(() => {
  world = new AWorld([aPolicy()]);
  log = new ALog();
});

function api(overrides: Partial<ApiDeps> = {}) {
  const { deps: controller, events } = world;
  return createApi({
    controller,
    events,
    failover: world.failover,
    version: '1.2.3',
    ownerOf: () => 'local',
    requestIdOf: () => 'request-7',
    log,
    ...overrides,
  });
}

const failing = (error: unknown): ControllerDeps => ({
  ...world.deps,
  ledger: {
    load: () => Promise.reject(error),
    commit: () => Promise.reject(error),
    due: () => Promise.reject(error),
  },
});

const post = (body: unknown, app = api(), headers = { 'content-type': 'application/json' }) =>
  app.request(SCALE, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const wish = (fields: object = {}) => ({ service: 'web', instances: 6, reason: 'sale at noon', ...fields });

async function errorOf(response: Response) {
  const body = (await response.json()) as { success: boolean; error: Record<string, unknown> };
  expect(body.success).toBe(false);
  expect(Object.keys(body).sort()).toEqual(['error', 'success']);
  return body.error;
}

async function dataOf<T = Record<string, unknown>>(response: Response): Promise<T> {
  const body = (await response.json()) as { success: boolean; data: T };
  expect(body.success).toBe(true);
  return body.data;
}

describe('GET /health', () => {
  it('tells the version, the time, the number of targets and that the ledger answers', async () => {
    const response = await api().request('/health');
    expect(response.status).toBe(200);
    expect(await dataOf(response)).toEqual({
      status: 'ok',
      version: '1.2.3',
      time: '2026-11-20T10:00:00.000Z',
      targets: 1,
      ledger: 'reachable',
    });
  });

  it('answers 503 while the ledger does not answer, without its reason', async () => {
    const error = new ControllerError('unavailable', 'secret endpoint 10.0.0.7', { retryable: true });
    const response = await api({ controller: failing(error) }).request('/health');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    const text = await response.text();
    expect(text).toContain('"ledger":"unreachable"');
    expect(text).not.toContain('10.0.0.7');
    expect(log.lines.find(({ level }) => level === 'error')?.fields).toMatchObject({ error });
  });
});

describe('POST /api/infrastructure/scaling/scale', () => {
  it('accepts a size, resizes, and answers with the event and the expiry an hour later', async () => {
    const response = await post(wish());
    expect(response.status).toBe(202);
    const { event, expiresAt } = await dataOf(response);
    expect(event).toMatchObject({ type: 'ScalingStarted', from: 4, to: 6, owner: 'local', success: true });
    expect(expiresAt).toBe('2026-11-20T11:00:00.000Z');
    expect(world.service.desired).toBe(6);
  });

  it.each([
    ['2h', '2026-11-20T12:00:00.000Z'],
    ['90m', '2026-11-20T11:30:00.000Z'],
    [300, '2026-11-20T10:05:00.000Z'],
    ['7d', '2026-11-27T10:00:00.000Z'],
  ])('takes an expiry of %s', async (expiresIn, expiresAt) => {
    expect(await dataOf(await post(wish({ expiresIn })))).toMatchObject({ expiresAt });
  });

  it('names the owner that the request context gives', async () => {
    const arn = 'arn:aws:sts::111122223333:assumed-role/ops/x';
    const { event } = await dataOf(await post(wish(), api({ ownerOf: () => arn })));
    expect(event).toMatchObject({ owner: arn });
  });

  it.each([
    ['instances', wish({ instances: '6' }), '"6"'],
    ['instances', wish({ instances: 2.5 }), '2.5'],
    ['instances', wish({ instances: -1 }), '-1'],
    ['instances', { service: 'web', reason: 'x' }, undefined],
    ['service', wish({ service: '' }), '""'],
    ['service', wish({ service: 7 }), '7'],
    ['reason', { service: 'web', instances: 6 }, undefined],
    ['reason', wish({ reason: '   ' }), '"   "'],
    ['reason', wish({ reason: 'x'.repeat(501) }), `"${'x'.repeat(76)}...`],
    ['expiresIn', wish({ expiresIn: '3600' }), '"3600"'],
    ['expiresIn', wish({ expiresIn: 59 }), '59'],
    ['expiresIn', wish({ expiresIn: '8d' }), '"8d"'],
    ['expiresIn', wish({ expiresIn: true }), 'true'],
    ['replicas', wish({ replicas: 3 }), undefined],
    ['body', [1], '[1]'],
    ['body', 'null', 'null'],
  ])('refuses with 400 and names the field %s: %j', async (field, body, value) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    const { code, message, details } = await errorOf(response);
    expect(code).toBe('invalid-request');
    expect(message).toContain(field);
    expect(details).toMatchObject({ fields: [{ field, ...(value === undefined ? {} : { value }) }] });
    expect(world.service.desired).toBe(4);
  });

  it('names every field that is wrong at once', async () => {
    const { details } = await errorOf(await post({ instances: 'six', extra: 1 }));
    const { fields } = details as { fields: { field: string }[] };
    expect(fields.map(({ field }) => field).sort()).toEqual(['extra', 'instances', 'reason', 'service']);
  });

  it('refuses a body that is not JSON', async () => {
    const response = await post('{"service":');
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ code: 'not-json' });
  });

  it('refuses another content type and says which to send', async () => {
    const response = await post('{}', api(), { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
    expect((await errorOf(response))['message']).toContain('application/json');
  });

  it('refuses a body that is too large', async () => {
    const response = await post(wish({ reason: 'x'.repeat(20_000) }));
    expect(response.status).toBe(413);
    expect(await errorOf(response)).toMatchObject({ code: 'too-large', details: { maxBytes: 16_384 } });
  });

  it('refuses an unknown target with the known ones', async () => {
    const response = await post(wish({ service: 'wbe' }));
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatchObject({
      code: 'unknown-target',
      details: { known: ['web'], total: 1 },
    });
  });

  it('lists at most twenty of the known targets', async () => {
    world = new AWorld(Array.from({ length: 30 }, (_, index) => policyNumber(index)));
    const { details } = await errorOf(await post(wish({ service: 'nobody' })));
    const { known, total } = details as { known: string[]; total: number };
    expect([known.length, total]).toEqual([20, 30]);
  });

  it('answers 404 when the resource itself is gone', async () => {
    world.service.gone = true;
    const response = await post(wish());
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatchObject({ code: 'target-missing' });
  });

  it('answers 409 with the reason while a resize is in flight', async () => {
    await post(wish({ instances: 6 }));
    const response = await post(wish({ instances: 8 }));
    expect(response.status).toBe(409);
    const { code, message } = await errorOf(response);
    expect(code).toBe('in-flight');
    expect(message).toMatch(/4.*6/);
  });

  it.each([
    [1, 'min', 'minimum of 2'],
    [21, 'max', 'maximum of 20'],
  ])('answers 422 for %i instances and says which bound', async (instances, bound, text) => {
    const response = await post(wish({ instances }));
    expect(response.status).toBe(422);
    const { code, message, details } = await errorOf(response);
    expect(code).toBe('outside-bounds');
    expect(message).toContain(text);
    expect(details).toMatchObject({ field: 'instances', value: instances, bound, min: 2, max: 20 });
  });

  it.each([
    ['throttled', '5'],
    ['unavailable', '5'],
    ['conflict', '1'],
  ] as const)('answers 503 with Retry-After when it is %s', async (code, seconds) => {
    const error = new ControllerError(code, 'internal detail', { retryable: true });
    const response = await post(wish(), api({ controller: failing(error) }));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe(seconds);
    expect(JSON.stringify(await errorOf(response))).not.toContain('internal detail');
  });

  it.each([
    [new Error('secret stack')],
    [new ControllerError('denied', 'secret role', { retryable: false })],
    [new ControllerError('rejected', 'secret parameter', { retryable: false })],
  ])('answers 500 without internals for %s, and logs them under the request id', async (error) => {
    const response = await post(wish(), api({ controller: failing(error) }));
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain('secret');
    expect(text).toContain('request-7');
    const line = log.lines.find(({ level }) => level === 'error');
    expect(line?.fields).toMatchObject({ requestId: 'request-7', error });
  });
});

describe('GET /api/infrastructure/scaling/events', () => {
  beforeEach(async () => {
    world = new AWorld([aPolicy(), policyNumber(1)]);
    for (const service of ['web', 'service-1']) await post(wish({ service }));
    world.settle();
    await world.relay();
  });

  const list = async (query: string) => {
    const response = await api().request(`${EVENTS}${query}`);
    expect(response.status, await response.clone().text()).toBe(200);
    return dataOf<{ events: Record<string, unknown>[]; cursor: string | null }>(response);
  };

  it('lists events with their time, trigger and success', async () => {
    const { events, cursor } = await list('?type=ScalingStarted&target=web');
    expect(cursor).toBeNull();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'ScalingStarted',
      target: 'ecs-service/prod/web',
      timestamp: '2026-11-20T10:00:00.000Z',
      trigger: 'manual',
      from: 4,
      to: 6,
      success: true,
    });
    expect(events[0]).not.toHaveProperty('at');
  });

  it('finds a target by policy name, service name and id, and the history of one without a policy', async () => {
    const all = await list('?target=policy-1');
    expect(all.events.length).toBeGreaterThan(0);
    expect(await list('?target=service-1')).toEqual(all);
    expect(await list('?target=ecs-service/prod/service-1')).toEqual(all);
    expect((await list('?target=ecs-service/prod/gone')).events).toEqual([]);
  });

  it('pages with a cursor until it has shown every event once', async () => {
    const every = (await list('')).events.map(({ id }) => id);
    const seen: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page = await list(`?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(page.events).toHaveLength(1);
      seen.push(page.events[0]?.['id']);
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(every);
    expect((await list('?order=oldest-first')).events.map(({ id }) => id)).toEqual([...every].reverse());
  });

  it('takes times with a zone, as a date, and with a + that was not escaped', async () => {
    expect((await list('?since=2026-11-20T10:00:00Z')).events.length).toBeGreaterThan(0);
    expect((await list('?since=2026-11-20T11:00:00+01:00&until=2026-11-21')).events.length).toBeGreaterThan(
      0,
    );
    expect((await list('?until=2026-11-20T10:00:00Z')).events).toEqual([]);
  });

  it.each([
    ['since', '?since=yesterday'],
    ['since', '?since=1763631000'],
    ['until', '?until=2026-02-30T00:00:00Z'],
    ['until', '?since=2026-11-20&until=2026-11-19'],
    ['limit', '?limit=0'],
    ['limit', '?limit=101'],
    ['limit', '?limit=ten'],
    ['limit', '?limit=5&limit=6'],
    ['type', '?type=scale-up'],
    ['order', '?order=up'],
    ['target', '?target='],
    ['service', '?service=web'],
  ])('refuses with 400 and names %s: %s', async (field, query) => {
    const response = await api().request(`${EVENTS}${query}`);
    expect(response.status).toBe(400);
    const { message, details } = await errorOf(response);
    expect(message).toContain(field);
    expect(details).toMatchObject({ fields: [{ field }] });
  });

  it('refuses a cursor that is not its own', async () => {
    const response = await api().request(`${EVENTS}?cursor=bm9uc2Vuc2U`);
    expect(response.status).toBe(400);
    expect((await errorOf(response))['message']).toContain('cursor');
  });

  it('refuses an unknown target', async () => {
    const response = await api().request(`${EVENTS}?target=nobody`);
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatchObject({ code: 'unknown-target' });
  });
});

describe('every answer', () => {
  it('is in the envelope for a route that does not exist', async () => {
    const response = await api().request('/nothing');
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatchObject({ code: 'unknown-route' });
  });

  it.each([
    ['POST', '/health', 'GET, HEAD'],
    ['DELETE', EVENTS, 'GET, HEAD'],
    ['GET', SCALE, 'POST'],
  ])('refuses %s %s and says what is allowed', async (method, path, allowed) => {
    const response = await api().request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allowed);
    expect(await errorOf(response)).toMatchObject({ code: 'method-not-allowed' });
  });

  it('carries the request id and the headers of a careful server, and no CORS', async () => {
    for (const path of ['/health', '/nothing']) {
      const { headers } = await api().request(path, { headers: { origin: 'https://example.org' } });
      expect(headers.get('x-request-id')).toBe('request-7');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('is logged once, with method, path and status', async () => {
    await api().request('/health?token=secret');
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]?.fields).toMatchObject({
      requestId: 'request-7',
      method: 'GET',
      path: '/health',
      status: 200,
    });
    expect(JSON.stringify(log.lines)).not.toContain('secret');
  });
});

function policyNumber(index: number): Policy {
  return aPolicy({
    name: `policy-${index}`,
    target: { kind: 'ecs-service', cluster: 'prod', service: `service-${index}` },
  });
}
