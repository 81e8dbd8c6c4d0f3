import { describe, expect, it, test } from 'vitest';
import { frozen } from '../../../shared/core/guards/frozen.ts';
import { type Instant, plusSeconds, timeOfDay } from '../../../shared/core/time.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aSchedule, opened } from '../../support/a-schedule.ts';
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

describe('a window that freezes', () => {
  const policy = aPolicy({ schedule: aSchedule([{ name: 'release', freeze: 'in' }]) });
  const during = (until = plusSeconds(NOW, 600) as Instant | null) => ({
    policy,
    size: 4,
    snapshot: aSnapshot({ schedule: opened({ name: 'release', until }) }),
  });

  it('holds its direction until it closes', () => {
    expect(verdictOf(frozen, { ...during(), wish: 3 })).toEqual({
      effect: 'hold',
      reason: 'frozen',
      until: plusSeconds(NOW, 600),
      detail: `The window release freezes scale-in; it closes at ${timeOfDay(plusSeconds(NOW, 600))}, in 600 s.`,
    });
    expect(verdictOf(frozen, { ...during(), wish: 5 }).effect).toBe('pass');
  });

  it('may never close', () => {
    expect(verdictOf(frozen, { ...during(null), wish: 3 })).toMatchObject({
      until: null,
      detail: 'The window release freezes scale-in; it never closes.',
    });
  });

  it('rests upon the bounds of the windows', () => {
    expect(verdictOf(frozen, { ...during(), wish: 3, cause: 'bounds' }).effect).toBe('hold');
    expect(verdictOf(frozen, { ...during(), wish: 3, cause: 'schedule' }).effect).toBe('pass');
  });
});
