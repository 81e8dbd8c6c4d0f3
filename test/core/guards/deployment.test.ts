import { expect, test } from 'vitest';
import { deployment } from '../../../shared/core/guards/deployment.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { verdictOf } from '../../support/deciding.ts';

test.each([
  { deployment: 'in-progress', wish: 3, effect: 'hold' },
  { deployment: 'in-progress', wish: 5, effect: 'pass' },
  { deployment: 'none', wish: 3, effect: 'pass' },
] as const)('from 4 to $wish with deployment $deployment: $effect', ({ deployment: state, wish, effect }) => {
  const verdict = verdictOf(deployment, { snapshot: aSnapshot({ desired: 4, deployment: state }), wish });
  expect(verdict.effect).toBe(effect);
  if (verdict.effect === 'hold') expect(verdict.reason).toBe('deployment-in-progress');
});
