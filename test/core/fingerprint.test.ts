import { expect, it } from 'vitest';
import { fingerprint } from '../../shared/core/fingerprint.ts';
import { aPolicy } from '../support/a-policy.ts';

it('is the same for the same policy, and eight hexadecimal digits', () => {
  expect(fingerprint(aPolicy())).toBe(fingerprint(aPolicy()));
  expect(fingerprint(aPolicy())).toMatch(/^[0-9a-f]{8}$/);
});

it('tells a policy that changed in any field', () => {
  const variants = [
    aPolicy(),
    aPolicy({ name: 'web2' }),
    aPolicy({ bounds: { max: 21 } }),
    aPolicy({ cooldownSeconds: { in: 301 } }),
    aPolicy({ paused: { in: true } }),
    aPolicy({ wakeOnAlarms: ['größer'] }),
  ];
  expect(new Set(variants.map(fingerprint)).size).toBe(variants.length);
});
