import { describe, expect, it } from 'vitest';
import { deserializePolicies, serializePolicies } from '../../shared/config/compiled-policies.ts';
import { loadPolicies } from '../../shared/config/load-policies.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { aPolicy } from '../support/a-policy.ts';

describe('compiled policies', () => {
  it('come back from JSON as they went in, for every shipped policy', async () => {
    const { policies } = await loadPolicies(['policies', 'policies/examples', 'policies/examples/hpa']);
    expect(policies.length).toBeGreaterThanOrEqual(14);
    expect(deserializePolicies(serializePolicies(policies))).toEqual(policies);
  });

  it.each([
    ['text that is not JSON', '{'],
    ['another shape', '{}'],
    ['a field of another version', JSON.stringify([{ ...aPolicy(), colour: 'red' }])],
    ['a missing field', JSON.stringify([{ ...aPolicy(), evaluation: undefined }])],
    ['bounds the wrong way round', JSON.stringify([aPolicy({ bounds: { min: 9, max: 3 } })])],
  ])('refuse %s', (_, text) => {
    expect(() => deserializePolicies(text)).toThrow(ControllerError);
    expect(() => deserializePolicies(text)).toThrow(/synthesize and deploy again/);
  });
});
