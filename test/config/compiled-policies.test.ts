import { describe, expect, it } from 'vitest';
import { deserializePolicies, serializePolicies } from '../../shared/config/compiled-policies.ts';
import { loadPolicies } from '../../shared/config/load-policies.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { aPolicy } from '../support/a-policy.ts';

const bundleOf = (policy: object): string => JSON.stringify({ policies: [policy], applications: [] });

describe('compiled policies', () => {
  it('come back from JSON as they went in, for every shipped policy', async () => {
    const { policies } = await loadPolicies(['policies', 'policies/examples', 'policies/examples/hpa']);
    expect(policies.length).toBeGreaterThanOrEqual(14);
    const bundle = { policies, applications: [] };
    expect(deserializePolicies(serializePolicies(bundle))).toEqual(bundle);
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
