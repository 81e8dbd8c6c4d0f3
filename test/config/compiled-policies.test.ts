import { describe, expect, it } from 'vitest';
import { deserializePolicies, serializePolicies } from '../../shared/config/compiled-policies.ts';
import { deserializeWarmPlans } from '../../shared/config/compiled-warm-plan.ts';
import { loadPolicies } from '../../shared/config/load-policies.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { aPolicy } from '../support/a-policy.ts';

const bundleOf = (policy: object): string => JSON.stringify({ policies: [policy], applications: [] });

describe('compiled policies', () => {
  it('come back from JSON as they went in, for every shipped policy', async () => {
    const folders = ['', '/examples', '/examples/hpa', '/examples/toolkit', '/examples/warm'];
    const { policies, applications, warmPlans } = await loadPolicies(
      folders.map((folder) => `policies${folder}`),
    );
    expect(policies.length).toBeGreaterThanOrEqual(14);
    expect([applications.length, warmPlans.length]).toEqual([1, 2]);
    const text = serializePolicies({ policies, applications, warmPlans });
    // Warm plans are in the same text, and read by those few functions that need them.
    expect(deserializePolicies(text)).toEqual({ policies, applications });
    expect(deserializeWarmPlans(text)).toEqual(warmPlans);
  });

  it.each([
    ['text that is not JSON', '{'],
    ['another shape', '{}'],
    ['a field of another version', bundleOf({ ...aPolicy(), colour: 'red' })],
    ['a missing field', bundleOf({ ...aPolicy(), evaluation: undefined })],
    ['bounds the wrong way round', bundleOf(aPolicy({ bounds: { min: 9, max: 3 } }))],
  ])('refuse %s', (_, text) => {
    expect(() => deserializePolicies(text)).toThrow(ControllerError);
    expect(() => deserializePolicies(text)).toThrow(/synthesize and deploy again/);
  });
});
