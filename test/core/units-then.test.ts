import { describe, expect, it, test } from 'vitest';
import { plusSeconds } from '../../shared/core/time.ts';
import { unitsThen } from '../../shared/core/units-then.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aResize, aState } from '../support/a-state.ts';
import { decideIn, inShort } from '../support/deciding.ts';
import { NOW } from '../support/now.ts';

const ago = (seconds: number) => plusSeconds(NOW, -seconds);
const datapoint = (secondsAgo: number) => ({ at: ago(secondsAgo), periodSeconds: 60 });

describe('the units that a datapoint speaks of', () => {
  it('are those of now when nothing changed', () => {
    expect(unitsThen(aState(), 4, datapoint(90), NOW)).toBe(4);
  });

  const grown = aState({ changed: { since: ago(130), until: ago(70), from: 4, to: 8 } });

  test.each([
    { start: 200, units: 4, why: 'measured before' },
    { start: 160, units: 4, why: 'its middle is the moment of the call' },
    { start: 130, units: 6, why: 'its middle is half way' },
    { start: 115, units: 7, why: 'three quarters of the way, and never a fraction' },
    { start: 100, units: 8, why: 'its middle is the end' },
    { start: 40, units: 8, why: 'measured after' },
  ])('are $units after a scale-out from 4 to 8 when $why', ({ start, units }) => {
    expect(unitsThen(grown, 8, datapoint(start), NOW)).toBe(units);
  });

  it('are the ones that served when a resize in flight began', () => {
    const state = aState({ resize: aResize({ acceptedAt: ago(60), ready: 4 }) });
    expect(unitsThen(state, 6, datapoint(120), NOW)).toBe(4);
    expect(unitsThen(state, 6, datapoint(60), NOW)).toBe(5);
  });

  it('count from the intent while the call is not confirmed', () => {
    const state = aState({ resize: aResize({ startedAt: ago(60), acceptedAt: null, ready: 4 }) });
    expect(unitsThen(state, 6, datapoint(120), NOW)).toBe(4);
  });
});

describe('a decision on a datapoint from before the last resize', () => {
  const stale = { kind: 'value', value: 140, at: ago(200) } as const;

  it('does not ask again for what has just been added', () => {
    const state = aState({ size: 8, changed: { since: ago(130), until: ago(5), from: 4, to: 8 } });
    const snapshot = aSnapshot({ desired: 8, running: 8, metrics: { cpu: stale } });
    expect(inShort(decideIn({ state, snapshot }))).toBe('hold at 8: at-desired');
  });

  it('does not raise a scale-out in flight for tasks that have started meanwhile', () => {
    const resize = aResize({ from: 4, to: 8, ready: 4, startedAt: ago(100), acceptedAt: ago(100) });
    const snapshot = aSnapshot({ desired: 8, running: 6, metrics: { cpu: stale } });
    expect(inShort(decideIn({ state: aState({ resize }), snapshot }))).toBe('hold at 8: resize-in-flight');
  });

  it('does not cut again what has just been cut', () => {
    const state = aState({ size: 6, changed: { since: ago(130), until: ago(5), from: 9, to: 6 } });
    const snapshot = aSnapshot({ desired: 6, running: 6, metrics: { cpu: { ...stale, value: 46 } } });
    expect(inShort(decideIn({ state, snapshot }))).toBe('hold at 6: at-desired');
  });

  it('does not call back units that were taken away down to zero', () => {
    const policy = aPolicy({ bounds: { min: 0 } });
    const state = aState({ size: 0, changed: { since: ago(130), until: ago(5), from: 4, to: 0 } });
    const snapshot = aSnapshot({ desired: 0, metrics: { cpu: { ...stale, value: 1 } } });
    expect(inShort(decideIn({ policy, state, snapshot }))).toBe('hold at 0: at-minimum');
  });
});
