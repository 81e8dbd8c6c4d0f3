import { describe, expect, it } from 'vitest';
import { ALONE } from '../../shared/core/capacity.ts';
import { explainReceipt } from '../../shared/core/explain-receipt.ts';
import { NO_SCHEDULE } from '../../shared/core/schedule.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aReceipt } from '../support/a-receipt.ts';
import { aManualSignal, anAlarmSignal } from '../support/a-signal.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aFloor, aPause, aPin, aResize, aState } from '../support/a-state.ts';
import type { Circumstances } from '../support/deciding.ts';
import { NOW } from '../support/now.ts';

const explained = (given: Circumstances) => explainReceipt(aReceipt(given));

describe('the explanation of a receipt', () => {
  it('goes from the question over the arithmetic to the outcome', () => {
    expect(explained({ signal: anAlarmSignal(), snapshot: aSnapshot({ metrics: { cpu: 83.2 } }) })).toEqual({
      headline: '4 → 5 (policy)',
      asked: 'The alarm plimsoll-web-cpu-out went to ALARM.',
      seen: '4 asked for, 4 running, 4 ready; the policy allows 2 to 20.',
      proposals: ['CPU 83.2 % is above the target of 70 %: 4 × 83.2 / 70 = 4.75, so 5.'],
      guards: [],
      cooldowns: [],
      inForce: [],
      outcome: 'Scale out from 4 to 5.',
    });
  });

  it('says how far the size may go, what the plan needs, and what is left to do', () => {
    const snapshot = {
      ...aSnapshot({
        limits: [
          { direction: 'out', size: 12, reason: 'connection-budget', detail: '12 tasks × 20 × 2 = 480.' },
          { direction: 'in', size: 3, reason: 'resource-limit', detail: 'only 1 replica was made by us' },
        ],
      }),
      unfinished: 'orders-2 is on its way out',
      floor: { size: 2, detail: '15 tasks × 20 × 2 need 600 connections' },
    };
    const { seen, inForce } = explained({ snapshot });
    expect(seen).toContain('Left to do from before: orders-2 is on its way out.');
    expect(inForce).toEqual([
      'No larger than 12 now (connection-budget): 12 tasks × 20 × 2 = 480.',
      'No smaller than 3 now (resource-limit): only 1 replica was made by us.',
      'The plan needs at least 2: 15 tasks × 20 × 2 need 600 connections.',
    ]);
  });

  it('has every clamp and veto in order', () => {
    const { headline, guards } = explained({
      policy: aPolicy({ bounds: { max: 10 } }),
      state: aState({ lastOut: { at: plusSeconds(NOW, -20), from: 3, to: 4 } }),
      snapshot: aSnapshot({ metrics: { cpu: 400 } }),
    });
    expect(headline).toBe('hold at 4 (cooldown-out)');
    expect(guards.map(({ kind, guard, from, to }) => [kind, guard, from, to])).toEqual([
      ['clamp', 'bounds', 23, 10],
      ['veto', 'cooldown-out', 10, 10],
    ]);
    expect(guards.at(-1)?.text).toContain('in 40 s');
  });

  it('says of running cooldowns when they end and how many seconds are left', () => {
    const lastIn = { at: plusSeconds(NOW, -100), from: 5, to: 4 };
    const lastOut = { at: plusSeconds(NOW, -40), from: 3, to: 5 };
    expect(explained({ state: aState({ lastIn, lastOut }) }).cooldowns).toEqual([
      'The scale-out cooldown ends at 10:03:26, in 20 s.',
      'The scale-in cooldown ends at 10:07:26, in 260 s.',
    ]);
    expect(explained({ state: aState({ lastIn }) }).cooldowns).toEqual([
      'The scale-in cooldown ends at 10:06:26, in 200 s.',
    ]);
    const over = { ...lastOut, at: plusSeconds(NOW, -300) };
    expect(explained({ state: aState({ lastOut: over }) }).cooldowns).toEqual([]);
  });

  it('lists overrides in force, of the target and of the account, and leaves out those that have ended', () => {
    const ended = aPin({ owner: 'bob', expiresAt: NOW });
    const account = { ...ALONE, overrides: [aPause({ owner: 'eve', expiresAt: plusSeconds(NOW, 60) })] };
    const { inForce, seen } = explained({
      state: aState({ overrides: [ended, aFloor({ size: 3, expiresAt: plusSeconds(NOW, 90.5) })] }),
      snapshot: { ...aSnapshot(), account },
    });
    expect(inForce).toEqual([
      expect.stringMatching(/^The floor of 3 that \w+ set ends at 10:04:36, in 91 s: .*\.$/),
      expect.stringMatching(/^The pause.* that eve set ends at 10:04:06, in 60 s: .*\.$/),
    ]);
    expect(seen).toBe(
      '4 asked for, 4 running, 4 ready; the policy allows 2 to 20, and 3 to 20 are in force.',
    );
  });

  it('names the windows that are open', () => {
    const open = [
      { name: 'night', since: NOW, until: plusSeconds(NOW, 600) },
      { name: 'always', since: NOW, until: null },
    ];
    expect(explained({ snapshot: { ...aSnapshot(), schedule: { ...NO_SCHEDULE, open } } }).inForce).toEqual([
      'The window night is open until 10:13:06, in 600 s.',
      'The window always is open.',
    ]);
  });

  it('says what is under way', () => {
    const { seen } = explained({
      state: aState({ resize: aResize() }),
      snapshot: aSnapshot({ desired: 6, running: 4, deployment: 'in-progress' }),
    });
    expect(seen).toBe(
      '6 asked for, 4 running, 4 ready; the policy allows 2 to 20. A resize from 4 to 6 is under way. A deployment is in progress.',
    );
  });

  it('says who asked', () => {
    const asked = (signal: Circumstances['signal']) =>
      explained(signal === undefined ? {} : { signal }).asked;
    expect(asked(undefined)).toBe('It was due.');
    expect(asked({ kind: 'drift', id: 's', target: aManualSignal().target, at: NOW })).toBe(
      'It was looked at for drift.',
    );
    expect(asked({ kind: 'override', id: 's', target: aManualSignal().target, at: NOW })).toBe(
      'An override was set or cleared.',
    );
    expect(asked(aManualSignal())).toBe('ada asked for 8.');
    expect(explained({ signal: aManualSignal() }).proposals).toEqual(['ada asks for 8: a load test.']);
  });
});
