import { afterEach, describe, expect, it } from 'vitest';
import { type LocalApi, serveLocalApi } from '../../../functions/local/local-api.ts';
import { localWarming, whyNotInReplay } from '../../../functions/local/local-warming.ts';
import { MemoryCacheStore } from '../../../shared/adapters/memory/memory-cache-store.ts';
import { SILENT_TELEMETRY } from '../../../shared/adapters/memory/silent-telemetry.ts';
import { staticPolicies } from '../../../shared/adapters/memory/static-policies.ts';
import { loadPolicies } from '../../../shared/config/load-policies.ts';
import type { WarmPlan } from '../../../shared/core/warm-plan.ts';
import { warmId } from '../../../shared/core/warm-state.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { anHttpItem, aSqlItem, aWarmPlan } from '../../support/a-warm-plan.ts';
import { warmDeps } from '../../support/a-warmer.ts';
import { AWorld } from '../../support/a-world.ts';
import { anEvent } from '../../support/an-event.ts';

let api: LocalApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const cache = {
  host: '127.0.0.1',
  port: 6379,
  tls: false,
  clusterMode: false,
  auth: { kind: 'none' },
} as const;

/** A plan with one HTTP item of two rows, which a source in memory answers. */
const plan = (overrides: Partial<WarmPlan> = {}): WarmPlan =>
  aWarmPlan({ name: 'popular', cache, sampleSeconds: 0, items: [anHttpItem({})], ...overrides });

function aWarming(plans: readonly WarmPlan[], whyNot: (plan: WarmPlan) => string | null = () => null) {
  const world = new AWorld([aPolicy()]);
  const store = new MemoryCacheStore({ now: () => world.now });
  const problems: string[] = [];
  const deps = warmDeps({
    ledger: world.ledger,
    telemetry: {
      ...SILENT_TELEMETRY,
      problem: (message, fields) => problems.push(`${message}: ${String(fields['error'])}`),
    },
    openCache: async () => store,
    sources: {
      open: async () => ({
        page: async () => ({ kind: 'page', rows: [{ id: 1 }, { id: 2 }], next: null, queries: 1 }),
        ask: async () => ({ kind: 'value', value: 'warm' }),
        close: async () => {},
      }),
    },
  });
  const set = { policies: staticPolicies([aPolicy()]), warmPlans: plans };
  return { world, problems, warming: localWarming({ set, deps: () => deps, whyNot }) };
}

describe('warming in local mode', () => {
  it('runs a plan when somebody asks for it, and keeps what it came to in the ledger', async () => {
    const { world, warming, problems } = aWarming([plan()]);
    const asked = { type: 'WarmRequested', target: warmId('popular'), policy: 'popular' } as const;
    await warming.sink.publish([anEvent({ ...asked, from: null, to: null, reason: 'prices were imported' })]);
    await warming.settled();
    expect(problems).toEqual([]);
    const head = (await world.ledger.load([warmId('popular')])).get(warmId('popular'));
    expect(head?.state.warm?.last).toMatchObject({ outcome: 'completed', reason: 'prices were imported' });
  });

  it('runs a plan after the scale-out that it names, and after no other event', async () => {
    const { world, warming } = aWarming([plan({ onScaleOutOf: ['web'] })]);
    await warming.sink.publish([
      anEvent({ id: '1', type: 'ScalingStarted', from: 4, to: 5 }),
      anEvent({ id: '2', type: 'ScalingCompleted', from: 5, to: 4 }),
    ]);
    await warming.settled();
    expect((await world.ledger.load([warmId('popular')])).size).toBe(0);
    await warming.sink.publish([anEvent({ id: '3', type: 'ScalingCompleted', from: 4, to: 5 })]);
    await warming.settled();
    expect((await world.ledger.load([warmId('popular')])).size).toBe(1);
  });

  it('is listed by the API, and refused with the reason where it cannot be run', async () => {
    const why = 'The account of this run is simulated, and app-cache is not on this machine.';
    const { world, warming } = aWarming([plan(), plan({ name: 'far' })], ({ name }) =>
      name === 'far' ? why : null,
    );
    api = await serveLocalApi(world.deps, 0, '1.2.3', warming);
    const url = `${api.url}/api/infrastructure/cache/warm`;
    const listed = await (await fetch(url)).json();
    expect(listed).toMatchObject({ data: { plans: [{ plan: 'popular', last: null }, { plan: 'far' }] } });
    const post = (name: string) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ plan: name, reason: 'by a test' }),
      });
    expect((await post('popular')).status).toBe(202);
    const refused = await post('far');
    expect(refused.status).toBe(409);
    expect(await refused.json()).toEqual({ success: false, error: { code: 'cannot-warm', message: why } });
  });
});

describe('what cannot be warmed in a replay', () => {
  const database = {
    ...aSqlItem().database,
    hosts: ['localhost'],
    auth: { kind: 'none', user: 'app' },
  } as const;

  it('is what is not on this machine', () => {
    expect(whyNotInReplay(plan())).toBeNull();
    expect(whyNotInReplay(plan({ items: [anHttpItem({ url: 'https://app.example.com/{id}' })] }))).toContain(
      'app.example.com is not on this machine',
    );
    const here = { ...anHttpItem(), url: 'http://127.0.0.1:8080/{id}' };
    expect(whyNotInReplay(plan({ items: [here, { ...aSqlItem(), database }] }))).toBeNull();
    expect(whyNotInReplay(plan({ cache: null, items: [here] }))).toBeNull();
    expect(whyNotInReplay(plan({ cache: { ...cache, host: 'app-cache' }, items: [here] }))).toBe(
      'The account of this run is simulated, and app-cache is not on this machine. "plimsoll warm popular" runs the plan from a machine that reaches all of it.',
    );
  });

  it('is what needs AWS itself', () => {
    const secret = { kind: 'secret', secretArn: 'arn:aws:secretsmanager:x', user: null } as const;
    const item = { ...aSqlItem(), database: { ...database, auth: secret } };
    expect(whyNotInReplay(plan({ items: [item] }))).toContain('it reads secrets or tables of AWS');
  });

  it('is every plan of the examples, whose hosts are made up', async () => {
    const { warmPlans } = await loadPolicies(['policies/examples/warm']);
    expect(warmPlans.length).toBe(2);
    for (const each of warmPlans) expect(whyNotInReplay(each)).toContain('is not on this machine');
  });
});
