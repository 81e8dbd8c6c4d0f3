import { describe, expect, it, test } from 'vitest';
import { fingerprint } from '../../shared/core/fingerprint.ts';
import type { TargetState } from '../../shared/core/ledger-entry.ts';
import { isUnmet, observe, rawWish } from '../../shared/core/observe.ts';
import { type Instant, plusSeconds } from '../../shared/core/time.ts';
import { firstSight } from '../../shared/core/transitions.ts';
import { aFallback, aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aManualSignal, anAlarmSignal } from '../support/a-signal.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aPin, aResize, aState } from '../support/a-state.ts';
import { someRules } from '../support/behaviors.ts';
import { type Circumstances, circumstances, decideIn, inShort } from '../support/deciding.ts';
import { NOW } from '../support/now.ts';

const ago = (seconds: number) => plusSeconds(NOW, -seconds);
const at = (value: number, desired = 4) => aSnapshot({ desired, metrics: { cpu: value } });
const windows = aPolicy({
  behavior: someRules({ up: { stabilizationWindowSeconds: 60 }, down: { stabilizationWindowSeconds: 300 } }),
});

/** What is remembered of an evaluation in the given circumstances. */
function remember(given: Circumstances = {}): TargetState {
  const { policy, snapshot, state, signal, now } = circumstances(given);
  return observe(state, policy, snapshot, decideIn(given), signal, now);
}

describe('the size', () => {
  it('is that of the resource, so that a change by somebody else is noticed once', () => {
    expect(remember({ snapshot: at(70, 7) }).size).toBe(7);
  });

  it('stays the goal of a resize while it is in flight', () => {
    const state = aState({ size: 6, resize: aResize({ to: 6 }) });
    expect(remember({ state, snapshot: at(70, 4) }).size).toBe(6);
  });
});

describe('the history of wishes', () => {
  const history = [{ wish: 9, since: ago(900) }];

  it('has the raw wish, before bounds, history and rates', () => {
    const state = aState({ recommendations: history });
    expect(remember({ policy: windows, state, snapshot: at(3500) }).recommendations).toEqual([
      ...history,
      { wish: 200, since: NOW },
    ]);
  });

  it('goes back as far as the longer window', () => {
    const recommendations = [
      { wish: 9, since: ago(900) },
      { wish: 8, since: ago(301) },
      { wish: 7, since: ago(299) },
    ];
    expect(
      remember({ policy: windows, state: aState({ recommendations }), snapshot: at(70) }).recommendations,
    ).toEqual([...recommendations.slice(1), { wish: 4, since: NOW }]);
    const implicit = aPolicy({ behavior: { kind: 'implicit', downscaleStabilizationSeconds: 100 } });
    expect(
      remember({ policy: implicit, state: aState({ recommendations }), snapshot: at(70) }).recommendations,
    ).toEqual([
      { wish: 7, since: ago(299) },
      { wish: 4, since: NOW },
    ]);
  });

  it('begins with the size, so that a target seen for the first time is not cut before a whole window has passed', () => {
    const low = at(20);
    const first = remember({ policy: windows, state: firstSight(windows, 4, NOW), snapshot: low });
    const later = (seconds: number) => ({
      policy: windows,
      state: first,
      snapshot: low,
      now: plusSeconds(NOW, seconds),
    });
    expect(inShort(decideIn(later(299.999)))).toBe('hold at 4: stabilizing-in');
    expect(inShort(decideIn(later(300)))).toBe('4 -> 2');
  });

  it('gets nothing from an outage', () => {
    const state = aState({ recommendations: history });
    expect(remember({ policy: windows, state, snapshot: aSnapshot({ metrics: {} }) }).recommendations).toBe(
      history,
    );
  });

  it('gets nothing from a request', () => {
    const state = aState({ recommendations: history });
    expect(remember({ policy: windows, state, signal: aManualSignal() }).recommendations).toBe(history);
  });

  it('gets no wish to shrink from half the metrics, but one to grow', () => {
    const memory = aTargetTracking({ metric: { ...aTargetTracking().metric, id: 'memory' } });
    const policy = { ...windows, strategies: [aTargetTracking(), memory] };
    const state = aState({ recommendations: history });
    expect(remember({ policy, state, snapshot: at(20) }).recommendations).toBe(history);
    expect(remember({ policy, state, snapshot: at(140) }).recommendations).toContainEqual({
      wish: 8,
      since: NOW,
    });
  });

  it('is dropped when the policy no longer looks back', () => {
    expect(remember({ state: aState({ recommendations: history }) }).recommendations).toEqual([]);
    const none = aState();
    expect(remember({ state: none }).recommendations).toBe(none.recommendations);
  });
});

describe('good looks in a row after a fallback', () => {
  const policy = aPolicy({ fallback: aFallback({ recoverAfter: 3 }) });
  const left = (given: Circumstances, recovering: number) =>
    remember({ policy, ...given, state: aState({ recovering }) }).recovering;
  const blind = aSnapshot({ metrics: {} });

  it('are counted down, and begin anew with a look that sees nothing', () => {
    expect(left({ snapshot: at(70) }, 3)).toBe(2);
    expect(left({ snapshot: at(70) }, 1)).toBe(0);
    expect(left({ snapshot: blind }, 1)).toBe(3);
  });

  it('are of no account without a fallback before them, or where nobody looked', () => {
    expect(left({ snapshot: blind }, 0)).toBe(0);
    expect(left({ signal: aManualSignal() }, 1)).toBe(1);
  });
});

describe('misses in a row', () => {
  const policy = aPolicy({ fallback: aFallback({ size: 10, afterMisses: 3 }) });
  const blind = aSnapshot({ metrics: {} });

  test.each([
    { before: 0, snapshot: blind, after: 1 },
    { before: 2, snapshot: blind, after: 3 },
    { before: 3, snapshot: blind, after: 3 },
    { before: 2, snapshot: at(70), after: 0 },
  ])('$before become $after', ({ before, snapshot, after }) => {
    expect(remember({ policy, snapshot, state: aState({ misses: before }) }).misses).toBe(after);
  });

  it('are not counted where nobody was asked', () => {
    expect(remember({ policy, signal: aManualSignal(), state: aState({ misses: 2 }) }).misses).toBe(2);
  });

  it('are not counted without a fallback, so that an outage writes nothing', () => {
    expect(remember({ snapshot: blind, state: aState({ misses: 2 }) }).misses).toBe(0);
    expect(remember({ signal: aManualSignal(), state: aState({ misses: 2 }) }).misses).toBe(2);
  });
});

describe('a hold that was reported', () => {
  const cooling = aState({ lastIn: { at: NOW, from: 5, to: 4 } });

  it('is remembered from its first time, for as long as the reason is the same', () => {
    expect(remember({ snapshot: at(20), state: cooling }).held).toEqual({
      reason: 'cooldown-in',
      since: NOW,
    });
    const held = { reason: 'cooldown-in', since: ago(60) } as const;
    expect(remember({ snapshot: at(20), state: { ...cooling, held } }).held).toBe(held);
    expect(
      remember({ snapshot: at(20), state: { ...cooling, held: { ...held, reason: 'paused' } } }).held,
    ).toEqual({
      reason: 'cooldown-in',
      since: NOW,
    });
  });

  it('is forgotten when nothing is held, or a resize begins', () => {
    const held = { reason: 'cooldown-in', since: ago(60) } as const;
    expect(remember({ snapshot: at(70), state: aState({ held }) }).held).toBeNull();
    expect(remember({ snapshot: at(140), state: aState({ held }) }).held).toBeNull();
  });

  test.each<{ given: Circumstances; unmet: boolean }>([
    { given: { snapshot: at(20), state: cooling }, unmet: true },
    { given: { snapshot: aSnapshot({ metrics: {} }) }, unmet: true },
    { given: { snapshot: at(99, 20) }, unmet: true },
    { given: { snapshot: at(20, 2) }, unmet: false },
    { given: { snapshot: at(70) }, unmet: false },
    { given: { snapshot: at(55, 3) }, unmet: false },
    { given: { snapshot: at(140) }, unmet: false },
    { given: { snapshot: at(70, 8), state: aState({ overrides: [aPin({ size: 8 })] }) }, unmet: false },
    { given: { snapshot: at(140, 8), state: aState({ overrides: [aPin({ size: 8 })] }) }, unmet: true },
  ])('leaves a wish unmet, or does not: case %#', ({ given, unmet }) => {
    expect(isUnmet(decideIn(given))).toBe(unmet);
  });
});

it('forgets overrides at their expiry', () => {
  const state = aState({ overrides: [aPin({ size: 4, expiresAt: plusSeconds(NOW, 0.001) })] });
  expect(remember({ state }).overrides).toHaveLength(1);
  expect(remember({ state, now: plusSeconds(NOW, 0.001) }).overrides).toEqual([]);
});

it('remembers which policy was applied', () => {
  expect(remember().policy).toBe(fingerprint(aPolicy()));
});

it('finds the wish of the strategies in a decision, where they were asked', () => {
  expect(rawWish(decideIn({ snapshot: at(3500) }))).toBe(200);
  expect(rawWish(decideIn({ snapshot: aSnapshot({ metrics: {} }) }))).toBeNull();
  expect(rawWish(decideIn({ signal: aManualSignal() }))).toBeNull();
});

describe('falling asleep', () => {
  const minutes = (count: number): Instant => plusSeconds(NOW, count * 60);

  it('takes one quiet look and the time until alarms have surely settled', () => {
    const first = remember({ snapshot: at(70) });
    expect(first).toMatchObject({ quietSince: NOW, wakeAt: NOW });
    const second = remember({ snapshot: at(70), state: first, now: minutes(1) });
    expect(second).toMatchObject({ quietSince: NOW, wakeAt: null });
  });

  it('starts anew when a metric leaves its band', () => {
    const state = aState({ quietSince: ago(600), wakeAt: ago(600) });
    expect(remember({ snapshot: at(55, 3), state })).toMatchObject({ quietSince: null, wakeAt: ago(600) });
  });

  it('starts anew when an alarm changes its state, because it may be ahead of the metric', () => {
    const asleep = aState({ quietSince: ago(600), wakeAt: null });
    const woken = remember({ snapshot: at(70), state: asleep, signal: anAlarmSignal() });
    expect(woken).toMatchObject({ quietSince: NOW, wakeAt: NOW });
    expect(remember({ snapshot: at(70), state: woken, now: plusSeconds(NOW, 1) }).wakeAt).toBe(NOW);
    expect(remember({ snapshot: at(70), state: woken, now: minutes(1) }).wakeAt).toBeNull();
  });
});

describe('a size of zero', () => {
  const left = (given: Circumstances) => remember(given).scaledToZero;
  const zero = aSnapshot({ desired: 0, metrics: {} });
  const policy = aPolicy({ bounds: { min: 0 }, strategies: [aTargetTracking({ scope: 'total' })] });

  it("stays automation's own while it stands", () => {
    expect(left({ policy, snapshot: zero, state: aState({ scaledToZero: true }) })).toBe(true);
    expect(left({ policy, snapshot: zero, state: aState({ scaledToZero: false }) })).toBe(false);
  });

  it('is its own no more once somebody else changed it', () => {
    expect(left({ policy, snapshot: aSnapshot({ desired: 2 }), state: aState({ scaledToZero: true }) })).toBe(
      false,
    );
  });

  it('is what a resize in flight leads to, whatever the resource says yet', () => {
    const state = aState({ scaledToZero: true, resize: aResize({ from: 2, to: 0 }) });
    expect(left({ policy, snapshot: aSnapshot({ desired: 2 }), state })).toBe(true);
  });
});

describe('the recovery after a fallback', () => {
  const policy = aPolicy({ fallback: aFallback({ afterMisses: 1, recoverAfter: 3 }) });
  const blind = aSnapshot({ metrics: { cpu: 'no-data' } });
  const left = (recovering: number, snapshot = aSnapshot(), given = policy) =>
    remember({ policy: given, snapshot, state: aState({ recovering }) }).recovering;
  const patient = aPolicy({ fallback: aFallback({ afterMisses: 5, recoverAfter: 3 }) });

  it('begins with the fallback', () => {
    expect(left(0, blind)).toBe(3);
  });

  it('counts good looks', () => {
    expect(left(3)).toBe(2);
    expect(left(0)).toBe(0);
  });

  it('starts anew where a look sees nothing before all is well', () => {
    expect(left(1, blind, patient)).toBe(3);
    expect(left(0, blind, patient)).toBe(0);
  });

  it('is no matter of a policy without a fallback', () => {
    expect(left(2, aSnapshot(), aPolicy())).toBe(0);
  });
});
