import { expect, it, test } from 'vitest';
import { frozen } from '../../../shared/core/guards/frozen.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { aPause } from '../../support/a-state.ts';
import { verdictOf } from '../../support/deciding.ts';
import { NOW } from '../../support/now.ts';

const under = (...overrides: Parameters<typeof aPause>) => ({
  snapshot: aSnapshot({ account: { overrides: [aPause(...overrides)] } }),
});

test.each([
  { wish: 5, direction: 'out' },
  { wish: 3, direction: 'in' },
])('a freeze of every target holds a wish of $wish', ({ wish }) => {
  const expiresAt = plusSeconds(NOW, 90);
  expect(verdictOf(frozen, { ...under({ expiresAt }), size: 4, wish })).toMatchObject({
    effect: 'hold',
    reason: 'frozen',
    until: expiresAt,
    detail: expect.stringMatching(/^ada froze every target \("a load test"\); .* in 90 s\.$/),
  });
});

it('leaves the other direction free, and ends at its expiry', () => {
  expect(verdictOf(frozen, { ...under({ direction: 'in' }), size: 4, wish: 5 }).effect).toBe('pass');
  expect(verdictOf(frozen, { ...under({ expiresAt: NOW }), size: 4, wish: 5 }).effect).toBe('pass');
});

it('leaves operators alone', () => {
  for (const cause of ['manual', 'pin', 'override'] as const) expect(frozen.judges).not.toContain(cause);
});
