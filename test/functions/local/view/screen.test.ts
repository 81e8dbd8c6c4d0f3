import { describe, expect, it } from 'vitest';
import { RunState } from '../../../../functions/local/view/run-state.ts';
import { drawScreen, type Picture, sparkline } from '../../../../functions/local/view/screen.ts';
import { plusSeconds } from '../../../../shared/core/time.ts';
import type { TargetView } from '../../../../shared/simulation/plant-views.ts';
import { aPolicy, aTargetTracking } from '../../../support/a-policy.ts';
import { aSignal } from '../../../support/a-signal.ts';
import { aSnapshot } from '../../../support/a-snapshot.ts';
import { anEvent } from '../../../support/an-event.ts';
import { decideIn } from '../../../support/deciding.ts';
import { NOW } from '../../../support/now.ts';

const policy = aPolicy();
const hint = `  curl -X POST http://127.0.0.1:3006/scale -d '{"service":"web","reason":"${'x'.repeat(90)}"}'`;

const aTarget = (
  service: Partial<TargetView['service']> = {},
  overrides: Partial<TargetView> = {},
): TargetView => ({
  policy: 'web',
  load: 500,
  unit: { atTarget: 100, full: 142.9 },
  service: {
    cluster: 'prod',
    name: 'web',
    arn: 'arn:aws:ecs:us-east-1:123456789012:service/prod/web',
    clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/prod',
    status: 'ACTIVE',
    desired: 5,
    running: 5,
    pending: 0,
    createdAt: NOW,
    deployments: [],
    ...service,
  },
  ...overrides,
});

const aPicture = (overrides: Partial<Picture> = {}): Picture => ({
  title: 'a day · 1 policies',
  now: NOW,
  speed: 60,
  loads: [0, 250, 500],
  policies: [policy],
  targets: [aTarget()],
  state: new RunState(
    [policy],
    () => NOW,
    () => {},
  ),
  hints: ['API http://127.0.0.1:3006', hint],
  ...overrides,
});

const rowOf = (target: TargetView, overrides: Partial<Picture> = {}): string =>
  drawScreen(aPicture({ targets: [target], ...overrides }), 200).split('\n')[4] ?? '';

describe('the screen', () => {
  it('shows time, load, every target, the last decisions and what to try', async () => {
    const state = new RunState(
      [policy],
      () => NOW,
      () => {},
    );
    const decision = decideIn({ snapshot: aSnapshot({ metrics: { cpu: 83.2 } }) });
    state.decided({ decisionId: 'decision-1', policy, signal: aSignal(), decision });
    await state.publish([
      anEvent({ at: NOW, type: 'ScalingStarted', reason: 'it started' }),
      anEvent({ id: '2', at: NOW, type: 'ScalingCompleted', reason: 'From 4 to 5 in 70 s.' }),
    ]);
    expect(drawScreen(aPicture({ state }), 200)).toBe(
      [
        'Plimsoll · a day · 1 policies',
        'Mon, 02 Mar 2026 10:03:06 UTC · 60×',
        'load ▁▅█ 500',
        '',
        '  web          CPU 70 % (target 70 %)     desired 5 of 2..20, running 5  out-cooldown ends 10:04:06',
        '',
        'Last decisions',
        '  10:03:06  web  resize 4 → 5  CPU 83.2 % is above the target of 70 %: 4 × 83.2 / 70 = 4.75, so 5.',
        '  10:03:06  web  ScalingCompleted 4 → 5  From 4 to 5 in 70 s.',
        '',
        'API http://127.0.0.1:3006',
        hint,
      ].join('\n'),
    );
  });

  it.each([40, 80, 120])(
    'cuts what is wider than %i columns, and never what is there to be copied',
    (columns) => {
      const long = rowOf(aTarget({}, { policy: 'a-policy-with-a-very-long-name-indeed'.repeat(3) }));
      expect(long.length).toBeGreaterThan(120);
      const target = aTarget({}, { policy: 'a-policy-with-a-very-long-name-indeed'.repeat(3) });
      const rows = drawScreen(aPicture({ targets: [target] }), columns).split('\n');
      expect(rows.slice(-2)).toEqual(['API http://127.0.0.1:3006', hint]);
      for (const row of rows.slice(0, -2)) expect(row.length).toBeLessThanOrEqual(columns);
      expect(rows[4]).toBe(`${long.slice(0, columns - 1)}…`);
    },
  );

  it('says how many tasks are on their way, in both directions', () => {
    expect(rowOf(aTarget({ desired: 8 }))).toContain('desired 8 of 2..20, running 5 (+3 on the way)');
    expect(rowOf(aTarget({ desired: 2 }))).toContain('desired 2 of 2..20, running 5 (-3 on the way)');
    expect(rowOf(aTarget())).not.toContain('on the way');
  });

  it('shows no percentage above 100, and totals as they are', () => {
    expect(rowOf(aTarget({ running: 1 }))).toContain('CPU 100 % (target 70 %)');
    // While nothing runs the load falls on nobody: shown as if one task took it.
    expect(rowOf(aTarget({ running: 0 }))).toContain('CPU 100 % (target 70 %)');
    const metric = { ...aTargetTracking().metric, label: 'Requests', unit: '' };
    const total = aPolicy({ strategies: [aTargetTracking({ metric, target: 1000, scope: 'total' })] });
    expect(rowOf(aTarget(), { policies: [total] })).toContain('Requests 5000 (target 1000)');
  });

  it('shows a service without a policy as it is, and a run as fast as it goes', () => {
    expect(rowOf(aTarget(), { policies: [] })).toMatch(/^ {2}web +desired 5, running 5$/);
    expect(drawScreen(aPicture({ speed: 'max', loads: [] }), 200)).toContain(
      'UTC · as fast as it goes\nload  0\n',
    );
  });

  it('names the cooldown that ends first, until it has ended', async () => {
    let now = NOW;
    const state = new RunState(
      [policy],
      () => now,
      () => {},
    );
    await state.publish([anEvent({ at: NOW, type: 'ScalingCompleted', from: 5, to: 3 })]);
    expect(rowOf(aTarget(), { state })).toContain('in-cooldown ends 10:08:06');
    now = plusSeconds(NOW, 300);
    expect(rowOf(aTarget(), { state })).not.toContain('cooldown');
  });
});

describe('a sparkline', () => {
  it('is scaled to the highest value', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8])).toBe('▁▂▃▄▅▆▇██');
    expect(sparkline([700])).toBe('█');
  });

  it('is flat for nothing, and empty without values', () => {
    expect(sparkline([0, 0, 0])).toBe('▁▁▁');
    expect(sparkline([])).toBe('');
  });
});
