import { describe, expect, it, test } from 'vitest';
import type { Snapshot } from '../../../shared/core/capacity.ts';
import { deployment } from '../../../shared/core/guards/deployment.ts';
import { observe } from '../../../shared/core/observe.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aSignal } from '../../support/a-signal.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { aState } from '../../support/a-state.ts';
import { decideIn, verdictOf } from '../../support/deciding.ts';
import { NOW } from '../../support/now.ts';

test.each([
  { deployment: 'in-progress', wish: 3, effect: 'hold' },
  { deployment: 'in-progress', wish: 5, effect: 'pass' },
  { deployment: 'none', wish: 3, effect: 'pass' },
] as const)('from 4 to $wish with deployment $deployment: $effect', ({ deployment: state, wish, effect }) => {
  const verdict = verdictOf(deployment, { snapshot: aSnapshot({ desired: 4, deployment: state }), wish });
  expect(verdict.effect).toBe(effect);
  if (verdict.effect === 'hold') expect(verdict.reason).toBe('deployment-in-progress');
});

describe('a deployment that has just ended', () => {
  const policy = aPolicy();
  const endedAgo = (seconds: number, wish = 3) =>
    verdictOf(deployment, {
      policy,
      snapshot: aSnapshot({ desired: 4 }),
      state: aState({ deployedAt: plusSeconds(NOW, -seconds) }),
      wish,
    });

  it('holds scale-in while the newest datapoint may describe old and new tasks together', () => {
    expect(endedAgo(0)).toMatchObject({ effect: 'hold', until: plusSeconds(NOW, 180) });
    expect(endedAgo(179)).toMatchObject({ effect: 'hold', reason: 'deployment-in-progress' });
    expect(endedAgo(180)).toEqual({ effect: 'pass' });
    expect(endedAgo(0, 5)).toEqual({ effect: 'pass' });
  });

  it('is remembered from when it was last seen in progress', () => {
    const seen = (snapshot: Snapshot, state = aState()) =>
      observe(state, policy, snapshot, decideIn({ policy, snapshot, state }), aSignal(), NOW).deployedAt;
    expect(seen(aSnapshot({ deployment: 'in-progress' }))).toBe(NOW);
    expect(seen(aSnapshot(), aState({ deployedAt: plusSeconds(NOW, -60) }))).toBe(plusSeconds(NOW, -60));
    expect(seen(aSnapshot())).toBeUndefined();
  });
});
