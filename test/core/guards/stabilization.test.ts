import { describe, expect, it, test } from 'vitest';
import { stabilization } from '../../../shared/core/guards/stabilization.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aState } from '../../support/a-state.ts';
import { someRules } from '../../support/behaviors.ts';
import { verdictOf } from '../../support/deciding.ts';
import { NOW } from '../../support/now.ts';

const run = (wish: number, secondsAgo: number) => ({ wish, since: plusSeconds(NOW, -secondsAgo) });

describe('with a behavior block', () => {
  const policy = aPolicy({
    behavior: someRules({
      up: { stabilizationWindowSeconds: 60 },
      down: { stabilizationWindowSeconds: 300 },
    }),
  });

  it('holds a cut against the highest wish of the window on scale-in', () => {
    const state = aState({ recommendations: [run(8, 900), run(2, 216)] });
    expect(verdictOf(stabilization, { policy, state, size: 8, wish: 2 })).toEqual({
      effect: 'amend',
      to: 8,
      reason: 'stabilizing-in',
      until: plusSeconds(NOW, 84),
      detail:
        'The stabilization window of 300 s for scale-in allows 8, not 2. The earlier wish leaves it at 10:04:30.',
    });
  });

  it('holds growth against the lowest wish of the window on scale-out', () => {
    const state = aState({ recommendations: [run(2, 900), run(9, 36)] });
    expect(verdictOf(stabilization, { policy, state, size: 2, wish: 9 })).toEqual({
      effect: 'amend',
      to: 2,
      reason: 'stabilizing-out',
      until: plusSeconds(NOW, 24),
      detail:
        'The stabilization window of 60 s for scale-out allows 2, not 9. The earlier wish leaves it at 10:03:30.',
    });
  });

  it('lets pass what the history agrees with', () => {
    const state = aState({ recommendations: [run(2, 900)] });
    expect(verdictOf(stabilization, { policy, state, size: 8, wish: 2 }).effect).toBe('pass');
  });
});

describe('without a behavior block', () => {
  const policy = aPolicy({ behavior: { kind: 'implicit', downscaleStabilizationSeconds: 300 } });

  test.each([
    { what: 'holds a cut', size: 8, wish: 2, history: [run(8, 900), run(2, 100)], to: 8 },
    {
      what: 'keeps climbing after the spike has passed',
      size: 8,
      wish: 2,
      history: [run(50, 30), run(2, 15)],
      to: 50,
    },
    {
      what: 'counts a wish exactly as old as the window',
      size: 8,
      wish: 2,
      history: [run(8, 900), run(2, 300)],
      to: 8,
    },
    {
      what: 'does so while the wish is the size',
      size: 8,
      wish: 8,
      history: [run(50, 30), run(8, 15)],
      to: 50,
    },
  ])('the highest wish of five minutes stands: $what', ({ size, wish, history, to }) => {
    const state = aState({ recommendations: history });
    expect(verdictOf(stabilization, { policy, state, size, wish })).toEqual({
      effect: 'amend',
      to,
      reason: 'stabilizing-in',
      until: null,
      detail: `The highest wish of the last 300 s, ${to}, stands against ${wish}.`,
    });
  });

  it('lets pass a wish that is the highest itself, and one whose rivals are older', () => {
    const state = aState({ recommendations: [run(8, 900), run(2, 300.001)] });
    expect(verdictOf(stabilization, { policy, state, size: 8, wish: 2 }).effect).toBe('pass');
    expect(verdictOf(stabilization, { policy, state, size: 8, wish: 9 }).effect).toBe('pass');
  });
});

it('is silent without behavior', () => {
  const state = aState({ recommendations: [run(8, 900)] });
  expect(verdictOf(stabilization, { policy: aPolicy(), state, size: 8, wish: 2 }).effect).toBe('pass');
});
