import { describe, expect, it } from 'vitest';
import { LARGEST_SIZE, milli, sumOf } from '../../../shared/core/hpa/int-arithmetic.ts';
import { sharedReplicas, valueReplicas } from '../../../shared/core/hpa/total-replicas.ts';
import { perUnitUsage } from '../../../shared/core/hpa/usage.ts';
import { someUnits } from '../../support/a-unit.ts';

const tolerance = { out: 0.1, in: 0.1 };
const asked = (total: number, target: number) => ({
  total: BigInt(total),
  target: BigInt(target),
  tolerance,
});

describe('a value', () => {
  it('answers in proportion to the units that serve, leaving ones included', () => {
    const units = [
      ...someUnits(2),
      ...someUnits(1, { deleting: true }),
      ...someUnits(3, { phase: 'pending' }),
    ];
    expect(valueReplicas(asked(20, 10), 6, units)?.size).toBe(6);
  });

  it('may cut although it is above the target: there is no guard on the direction', () => {
    const units = [...someUnits(1), ...someUnits(2, { ready: false })];
    expect(valueReplicas(asked(8600, 4400), 3, units)?.size).toBe(2);
    expect(valueReplicas(asked(50, 10), 3, someUnits(3, { ready: null }))?.size).toBe(0);
  });

  it('leaves the size inside its tolerance, with units or without', () => {
    expect(valueReplicas(asked(11, 10), 3, someUnits(1))).toMatchObject({ size: 3, holds: true });
    expect(valueReplicas(asked(11, 10), 3, [])).toMatchObject({ size: 3, holds: true });
  });

  it('cannot answer outside it without units', () => {
    expect(valueReplicas(asked(20, 10), 3, [])).toBeNull();
  });

  it('has no band at zero, and no multiplier', () => {
    expect(valueReplicas(asked(1, 10), 0, [])?.size).toBe(1);
    expect(valueReplicas(asked(25, 10), 0, [])?.size).toBe(3);
    expect(valueReplicas(asked(0, 10), 0, [])?.size).toBe(0);
  });
});

describe('a share of a total', () => {
  it('is the total over the share, whatever the size', () => {
    expect(sharedReplicas(asked(20_000, 5000), 3).size).toBe(4);
    expect(sharedReplicas(asked(6000, 2000), 5).size).toBe(3);
  });

  it('answers with the units that run inside its tolerance, not with those that were asked for', () => {
    expect(sharedReplicas(asked(10_400, 2000), 5)).toMatchObject({ size: 5, holds: true });
  });

  it('divides by no unit without falling over', () => {
    expect(sharedReplicas(asked(20_000, 5000), 0)).toMatchObject({ size: 4, holds: false });
    expect(sharedReplicas(asked(0, 5000), 0)).toMatchObject({ size: 0, holds: false });
  });

  it('saturates', () => {
    expect(sharedReplicas(asked(Number.MAX_SAFE_INTEGER, 1), 1).size).toBe(LARGEST_SIZE);
  });
});

describe('whole numbers', () => {
  it('sum up to 2^63 − 1 at most', () => {
    expect(sumOf([2n ** 62n, 2n ** 62n])).toBe(2n ** 63n - 1n);
    expect(sumOf([1n, 2n])).toBe(3n);
  });

  it('are milli-units rounded up, without the dust of doubles', () => {
    expect([83.2, 1.1, 0.1 + 0.2, 0.0001, 0].map(milli)).toEqual([83_200n, 1100n, 300n, 1n, 0n]);
  });

  it('share a total rounded up, and nothing among nobody', () => {
    expect(perUnitUsage(1000n, 3)).toBe(334n);
    expect(perUnitUsage(1000n, 0)).toBe(0n);
    expect(perUnitUsage(2n ** 63n - 1n, 1)).toBe(2n ** 63n - 1n);
  });
});
