import { describe, expect, it } from 'vitest';
import { toWire } from '../../../events/contracts/controller-events.ts';
import { ecsServiceEvent } from '../../../events/contracts/ecs-service-event.ts';
import completed from '../../../events/samples/ecs-deployment-state-change.completed.json' with {
  type: 'json',
};
import failed from '../../../events/samples/ecs-deployment-state-change.failed.json' with { type: 'json' };
import { runWarm } from '../../../functions/warm/run-warm.ts';
import { whichRuns } from '../../../functions/warm/which-runs.ts';
import { MemoryCacheStore } from '../../../shared/adapters/memory/memory-cache-store.ts';
import { staticPolicies } from '../../../shared/adapters/memory/static-policies.ts';
import type { ControllerEvent } from '../../../shared/core/controller-event.ts';
import type { TargetId } from '../../../shared/core/target.ts';
import { instant } from '../../../shared/core/time.ts';
import type { WarmSource } from '../../../shared/ports/warm-source.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { anHttpItem, aSqlItem, aWarmPlan } from '../../support/a-warm-plan.ts';
import { warmDeps } from '../../support/a-warmer.ts';
import { anEvent } from '../../support/an-event.ts';

const deployed = ecsServiceEvent.parse(completed).service;
const web = aPolicy({ name: 'web', target: { kind: 'ecs-service', ...deployed } });
const replicas = aPolicy({
  name: 'replicas',
  target: {
    ...{ kind: 'rds-replicas', source: 'app-db', classes: [], zones: [], maxLagSeconds: 30, endpoint: null },
    warmUp: { plan: 'blocks', withinSeconds: 1800 },
    leaving: { connections: 0, drainSeconds: 300 },
  },
});
const popular = aWarmPlan({ name: 'popular', onScaleOutOf: ['cache'], onDeploymentOf: ['web'] });
const blocks = aWarmPlan({
  name: 'blocks',
  cache: null,
  items: [aSqlItem({ key: null }), anHttpItem({ name: 'h' })],
});
const set = { policies: staticPolicies([web, replicas]), warmPlans: [popular, blocks] };

const own = (event: Partial<ControllerEvent>) => ({
  version: '0',
  id: '1',
  source: 'plimsoll',
  'detail-type': event.type,
  time: '2026-11-20T10:00:00Z',
  resources: [],
  detail: toWire(anEvent(event)),
});
const runs = (body: unknown) => whichRuns(set, body).map(({ plan, unit }) => [plan.name, unit]);

describe('a call of the function that warms', () => {
  it('names a plan, on schedule or by hand', () => {
    expect(runs({ kind: 'warm', plan: 'popular' })).toEqual([['popular', null]]);
    expect(() => runs({ kind: 'warm', plan: 'populr' })).toThrow(
      'There is no warm plan populr (one of: popular, blocks).',
    );
    expect(() => runs({ hello: 1 })).toThrow('call of the warm function');
  });

  it('tells of a cache that grew, and not of one that shrank', () => {
    const cache = { type: 'ScalingCompleted', policy: 'cache' } as const;
    expect(runs(own({ ...cache, from: 1, to: 2 }))).toEqual([['popular', null]]);
    expect(runs(own({ ...cache, from: 2, to: 1 }))).toEqual([]);
    expect(runs(own({ ...cache, policy: 'another', from: 1, to: 2 }))).toEqual([]);
  });

  it('carries a wish for a plan, or for a new replica', () => {
    const asked = { type: 'WarmRequested', from: null, to: null } as const;
    expect(runs(own({ ...asked, target: 'warm/popular' as TargetId, policy: 'popular' }))).toEqual([
      ['popular', null],
    ]);
    const unit = { target: 'rds-replicas/app-db' as TargetId, policy: 'replicas', unit: 'db-7' };
    expect(runs(own({ ...asked, ...unit }))).toEqual([['blocks', 'db-7']]);
  });

  it('tells of a deployment that ended well', () => {
    expect(runs(completed)).toEqual([['popular', null]]);
    expect(runs(failed)).toEqual([]);
  });
});

describe('the warm-up of a new replica', () => {
  const hosts: (string | null)[] = [];
  const source: WarmSource = {
    page: async () => ({ kind: 'page', rows: [{ id: 1 }], next: null, queries: 1 }),
    ask: null,
    close: async () => undefined,
  };
  const deps = (host: string | null, tags: string[]) => ({
    set,
    warm: warmDeps({
      sources: {
        open: async (_, options) => {
          hosts.push(options.host);
          return source;
        },
      },
      openCache: async () => new MemoryCacheStore({ now: () => instant(0) }),
    }),
    units: {
      hostOf: async () => host,
      markWarmed: async (unit: string) => void tags.push(unit),
    },
  });
  const log = { info() {}, error() {}, begin() {} } as never;
  const call = own({
    ...{ type: 'WarmRequested', target: 'rds-replicas/app-db' as TargetId, policy: 'replicas', unit: 'db-7' },
  });

  it('asks the replica alone, by the sql items alone, and tags it', async () => {
    const tags: string[] = [];
    await runWarm({ log }, deps('db-7.example.com', tags), call, instant(Date.now() + 900_000));
    expect(hosts).toEqual(['db-7.example.com']);
    expect(tags).toEqual(['db-7']);
  });

  it('is called again while the replica has no address', async () => {
    const running = runWarm({ log }, deps(null, []), call, instant(Date.now() + 900_000));
    await expect(running).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });
});
