import { expect, it } from 'vitest';
import { cronerCalendar } from '../../shared/adapters/calendar/croner-calendar.ts';
import { decide } from '../../shared/core/decide.ts';
import { pathOf } from '../../shared/verification/finding.ts';
import { verifyPolicy } from '../../shared/verification/verify-policy.ts';
import { anyPolicy } from '../support/arbitraries.ts';
import { fc } from '../support/fast-check.ts';
import { NOW } from '../support/now.ts';

it('examines any policy, and every counter-example is what the real decision does', {
  timeout: 300_000,
}, () => {
  fc.assert(
    fc.property(anyPolicy, (policy) => {
      const { findings, decisions } = verifyPolicy(policy, cronerCalendar(), NOW);
      expect(decisions).toBeGreaterThan(0);
      for (const { check, severity, receipts = [] } of findings) {
        for (const { policy: asked, snapshot, state, signal, now, decision } of receipts) {
          expect(decide(asked, snapshot, state, signal, now)).toEqual(decision);
        }
        if (check !== 'flapping' || severity !== 'error') continue;
        const [first] = receipts;
        expect(pathOf(receipts).split(' → ').at(-1)).toBe(String(first?.snapshot.capacity.desired));
      }
    }),
    { numRuns: 12 },
  );
});
