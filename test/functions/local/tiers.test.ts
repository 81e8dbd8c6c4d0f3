import { describe, expect, it } from 'vitest';
import { sightOf } from '../../../functions/local/tiers/sight.ts';
import { TierScores } from '../../../functions/local/tiers/tier-scores.ts';
import { usualLoad } from '../../../functions/local/tiers/usual-load.ts';
import { RunState } from '../../../functions/local/view/run-state.ts';
import { drawScreen } from '../../../functions/local/view/screen.ts';
import { cronerCalendar } from '../../../shared/adapters/calendar/croner-calendar.ts';
import { staticPolicies } from '../../../shared/adapters/memory/static-policies.ts';
import { loadPolicies } from '../../../shared/config/load-policies.ts';
import { instant, plusSeconds } from '../../../shared/core/time.ts';
import { createPlant } from '../../../shared/simulation/plant.ts';
import { constantWorkload } from '../../../shared/simulation/workload.ts';
import { verifyPolicy } from '../../../shared/verification/verify-policy.ts';
import { NOW } from '../../support/now.ts';

const START = instant(Math.floor(NOW / 60_000) * 60_000);
const workload = constantWorkload(1000, START, plusSeconds(START, 3600));

async function anAccount(...paths: readonly string[]) {
  const { policies, applications } = await loadPolicies(paths);
  const load = usualLoad(policies, applications, workload);
  const plant = createPlant({ policies, workload, start: START, seed: 1, ...load });
  const scores = new TierScores(plant, policies);
  plant.advanceTo(plusSeconds(START, 600));
  scores.observe(600);
  const state = new RunState(
    policies,
    () => plant.now(),
    () => {},
  );
  return { policies, applications, load, plant, scores, state };
}

describe('the tiers of a local run', () => {
  it('have pools and max_connections as the budget of the application says', async () => {
    const { load } = await anAccount('policies/examples/three-tiers');
    expect(load.databases).toEqual({ 'shop-db': { maxConnections: 600 } });
    expect(load.loadModel.connectionsPerTask).toBe(20);
  });

  it('stand at their targets at 80 % of their maximum under the heaviest load', async () => {
    const { plant, policies, applications, state } = await anAccount('policies/examples/three-tiers');
    const { tiers, plans } = sightOf(plant, staticPolicies(policies, applications), state);
    const cpu = tiers.map(({ policy, sizes, metric }) => [policy, sizes.ready, metric?.value ?? 0] as const);
    for (const [policy, ready, value] of cpu) {
      expect(ready, policy).toBe(4);
      expect(value, policy).toBeGreaterThan(50);
      expect(value, policy).toBeLessThan(70);
    }
    expect(plans[0]?.said.join()).toContain(
      'web within the connection budget: 48 tasks × 20 × 2 = 1920 of 4 × 600 × 0.8',
    );
  });

  it('are on the screen with their stages, connections and hit rate, and no row is too wide', async () => {
    const { plant, policies, applications, state } = await anAccount('policies/examples/three-tiers');
    const picture = {
      ...{
        title: 'a day',
        now: plant.now(),
        speed: 60,
        loads: [1],
        policies,
        state,
        url: 'http://127.0.0.1:1',
      },
      ...sightOf(plant, staticPolicies(policies, applications), state),
    };
    const rows = drawScreen(picture, { columns: 100, rows: 30 }).split('\n');
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(100);
    const drawn = rows.join('\n');
    expect(drawn).toMatch(/shop-replicas +desired 4 of 1\.\.5, ready 4 +CPU [\d.]+ % \(target 60 %\)/);
    expect(drawn).toMatch(/5 available · [\d,]+ of 3,000 connections · source \d+ % · lag 0 s/);
    expect(drawn).toContain('1 shard, 5 nodes · hit rate of all caches 100 %');
    expect(drawn).toContain('shop: plan done, database 4 · cache 4 · web 48');
  });

  it('are scored, and ladders by their rungs', async () => {
    const { scores, plant, policies, applications, state } = await anAccount('policies/examples');
    const report = scores.report();
    expect(report?.tiers['toolkit-replicas']).toMatchObject({ minDesired: 3, maxDesired: 3, resizes: 0 });
    expect(report?.tiers['ledger-class']).toMatchObject({ unitHours: null, minDesired: 1 });
    expect(report?.databases?.failedReads).toBe(0);
    const { tiers } = sightOf(plant, staticPolicies(policies, applications), state);
    expect(tiers.find(({ policy }) => policy === 'ledger-class')?.detail).toContain('db.m7g.large');
  });

  it('are none where policies name services alone', async () => {
    const { scores, plant, policies, state } = await anAccount('policies');
    expect(scores.report()).toBeNull();
    expect(sightOf(plant, staticPolicies(policies), state)).toMatchObject({ tiers: [], plans: [] });
  });
});

describe('verify of every kind of target', () => {
  it('finds no error in the example of any kind', async () => {
    const { policies } = await loadPolicies(['policies/examples']);
    const others = policies.filter(({ target }) => target.kind !== 'ecs-service');
    expect(others).toHaveLength(7);
    for (const policy of others)
      expect(verifyPolicy(policy, cronerCalendar(), START).findings, policy.name).toEqual([]);
  });

  it('finds a ladder that no maintenance window lets be climbed', async () => {
    const { policies } = await loadPolicies(['policies/examples/rds-instance-class.yaml']);
    const [policy] = policies;
    if (policy === undefined) throw new Error('no policy');
    const found = verifyPolicy({ ...policy, schedule: null }, cronerCalendar(), START).findings;
    expect(found).toMatchObject([{ check: 'maintenance', severity: 'error' }]);
    expect(found[0]?.message).toContain('no window of its schedule has maintenance: true');
  });
});
