import { describe, expect, it } from 'vitest';
import { scheduledAt } from '../../../functions/sweep/scheduled-at.ts';

describe('when a tick was meant to come', () => {
  it('is what the schedule says', () => {
    const tick = { kind: 'sweep', scheduledTime: '2026-11-20T10:00:00Z', attemptNumber: '1' };
    expect(scheduledAt(tick)).toBe(Date.UTC(2026, 10, 20, 10));
  });

  it.each([null, {}, 'now', { scheduledTime: '<aws.scheduler.scheduled-time>' }])(
    'is unknown for a call by hand with %j, which is no reason not to sweep',
    (event) => expect(scheduledAt(event)).toBeNull(),
  );
});
