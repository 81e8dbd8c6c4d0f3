import { describe, expect, it } from 'vitest';
import { RunState } from '../../../../functions/local/view/run-state.ts';
import { drawScreen, type Picture, sparkline } from '../../../../functions/local/view/screen.ts';
import { watchedLedger } from '../../../../functions/local/view/watched-ledger.ts';
import { ACCOUNT } from '../../../../shared/core/account.ts';
import { BLANK_STATE } from '../../../../shared/core/blank-state.ts';
import type { Override } from '../../../../shared/core/ledger-entry.ts';
import { targetId } from '../../../../shared/core/target.ts';
import { plusSeconds } from '../../../../shared/core/time.ts';
import type { TargetView } from '../../../../shared/simulation/plant-views.ts';
import { aPolicy, aTargetTracking } from '../../../support/a-policy.ts';
import { aSignal } from '../../../support/a-signal.ts';
import { aSnapshot } from '../../../support/a-snapshot.ts';
import { aCeiling, aFloor, aPause, aPin } from '../../../support/a-state.ts';
import { AWorld } from '../../../support/a-world.ts';
import { anEvent } from '../../../support/an-event.ts';
import { decideIn } from '../../../support/deciding.ts';
import { NOW } from '../../../support/now.ts';

const policy = aPolicy();
const WIDE = { columns: 200, rows: 40 };

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
  tiers: [],
  plans: [],
  state: new RunState(
    [policy],
    () => NOW,
    () => {},
  ),
  url: 'http://127.0.0.1:3006',
  ...overrides,
});

const rowOf = (target: TargetView, overrides: Partial<Picture> = {}): string =>
  drawScreen(aPicture({ targets: [target], ...overrides }), WIDE).split('\n')[4] ?? '';

describe('the screen', () => {
  it('shows time, load, every target, the last decisions and where the API is', async () => {
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
    expect(drawScreen(aPicture({ state }), WIDE)).toBe(
      [
        'Plimsoll · a day · 1 policies',
        'Mon, 02 Mar 2026 10:03:06 UTC · 60×',
        'load ▁▅█ 500',
        '',
        '  web  desired 5 of 2..20, running 5  CPU 70 % (target 70 %)  out-cooldown to 10:04:06',
        '',
        'Last decisions',
        '  10:03:06  web  resize 4 → 5  CPU 83.2 % is above the target of 70 %: 4 × 83.2 / 70 = 4.75, so 5.',
        '  10:03:06  web  ScalingCompleted 4 → 5  From 4 to 5 in 70 s.',
        '',
        'API http://127.0.0.1:3006 · requests to try stand above',
      ].join('\n'),
    );
  });

  it.each([40, 80, 120])('is never wider than %i columns: rows are cut, reasons wrapped', (columns) => {
    const name = 'a-policy-with-a-very-long-name-indeed'.repeat(3);
    const state = new RunState(
      [policy],
      () => NOW,
      () => {},
    );
    const decision = decideIn({ snapshot: aSnapshot({ metrics: { cpu: 83.2 } }) });
    state.decided({ decisionId: 'decision-1', policy, signal: aSignal(), decision });
    const picture = aPicture({ targets: [aTarget({}, { policy: name })], state });
    const rows = drawScreen(picture, { columns, rows: 40 }).split('\n');
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(columns);
    expect(rows[4]).toMatch(/…$/);
    const said = rows.slice(7, -2).map((row) => row.trim());
    expect(said.join(' ')).toContain('CPU 83.2 % is above the target of 70 %: 4 × 83.2 / 70 = 4.75, so 5.');
  });

  it.each([12, 16, 24])(
    'is never higher than %i rows: the newest decisions are shown whole',
    async (rows) => {
      const state = new RunState(
        [policy],
        () => NOW,
        () => {},
      );
      for (let index = 0; index < 8; index += 1) {
        await state.publish([
          anEvent({
            id: String(index),
            at: NOW,
            type: 'ScalingHeld',
            from: 4,
            to: index,
            reason: `${'why '.repeat(30)}${index}`,
          }),
        ]);
      }
      const drawn = drawScreen(aPicture({ state }), { columns: 80, rows }).split('\n');
      expect(drawn.length).toBeLessThan(rows);
      if (rows > 12) expect(drawn.join(' ')).toContain('why 7');
    },
  );

  it('says how many tasks are on their way, in both directions', () => {
    expect(rowOf(aTarget({ desired: 8 }))).toContain('desired 8 of 2..20, running 5 (+3)');
    expect(rowOf(aTarget({ desired: 2 }))).toContain('desired 2 of 2..20, running 5 (-3)');
    expect(rowOf(aTarget())).not.toContain('(+');
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
    expect(rowOf(aTarget(), { policies: [] })).toMatch(/^ {2}web {2}desired 5, running 5$/);
    expect(drawScreen(aPicture({ speed: 'max', loads: [] }), WIDE)).toContain(
      'UTC · as fast as it goes\nload  0\n',
    );
  });

  describe('says what stands above automation, before any cooldown', () => {
    const stateWith = async (own: readonly Override[], all: readonly Override[] = []) => {
      const ledger = new AWorld([policy]).ledger;
      const state = new RunState(
        [policy],
        () => NOW,
        () => {},
      );
      await state.publish([anEvent({ at: NOW, type: 'ScalingCompleted', from: 5, to: 3 })]);
      const watched = watchedLedger(ledger, (entry) => state.written(entry));
      for (const [target, overrides] of [[targetId(policy.target), own] as const, [ACCOUNT, all] as const]) {
        await watched.commit({
          target,
          expectedVersion: 0,
          state: { ...BLANK_STATE, overrides },
          events: [],
        });
      }
      expect(await watched.due(NOW)).toEqual([]);
      expect((await watched.load([ACCOUNT])).get(ACCOUNT)?.state.overrides).toEqual(all);
      return state;
    };

    it.each([
      ['pinned 3 to 11:03', [aPause(), aCeiling(), aFloor(), aPin({ size: 3 })]],
      ['floor 9 to 11:03', [aPause(), aCeiling({ size: 10 }), aFloor({ size: 9 })]],
      ['ceiling 3 to 11:03', [aPause(), aCeiling()]],
      ['paused to 11:03', [aPause()]],
      ['paused in to 11:03', [aPause({ direction: 'in' })]],
      ['frozen to 11:03', []],
      ['paused to 11:03', [aPin({ expiresAt: NOW }), aPause()]],
    ] as const)('%s', async (said, own) => {
      const state = await stateWith(own, [aPause()]);
      expect(rowOf(aTarget(), { state })).toMatch(new RegExp(`\\(target 70 %\\) {2}${said}$`));
    });

    it('and the cooldown again when it has ended', async () => {
      const state = await stateWith([aPin({ expiresAt: NOW })], [aPause({ expiresAt: NOW })]);
      expect(rowOf(aTarget(), { state })).toMatch(/ {2}in-cooldown to 10:08:06$/);
    });
  });

  it('names the cooldown that ends first, until it has ended', async () => {
    let now = NOW;
    const state = new RunState(
      [policy],
      () => now,
      () => {},
    );
    await state.publish([anEvent({ at: NOW, type: 'ScalingCompleted', from: 5, to: 3 })]);
    expect(rowOf(aTarget(), { state })).toContain('in-cooldown to 10:08:06');
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
