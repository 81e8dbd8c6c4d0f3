import { describe, expect, it } from 'vitest';
import { createdPattern, createdPrefix, isCreatedFor } from '../../shared/core/created-units.ts';

const LONG = `${'a'.repeat(40)}-bcdefghij-klmnopqrs`;

describe('the names of created units', () => {
  it('begin with the name of what they were made for', () => {
    expect(createdPrefix('orders')).toBe('orders-plimsoll-');
    expect(isCreatedFor('orders', 'orders-plimsoll-1a2b3c4d-1')).toBe(true);
  });

  it('begin with less of a long name, so that the rest fits into 63 characters', () => {
    expect(createdPrefix(LONG)).toBe(`${'a'.repeat(40)}-b`);
    expect(isCreatedFor(LONG, `${'a'.repeat(40)}-bc-plimsoll-1a2b3c4d-1`)).toBe(true);
    expect(isCreatedFor(LONG, LONG)).toBe(false);
  });

  it('are told from all others by a pattern, in which a long name is no name of its own', () => {
    expect(createdPattern('orders')).toBe('orders-plimsoll-*');
    expect(createdPattern(LONG)).toBe(`${'a'.repeat(40)}-b*-plimsoll-*`);
  });

  it('never end in a hyphen where they are cut: RDS refuses two in a row', () => {
    expect(createdPrefix(`${'a'.repeat(41)}-${'b'.repeat(10)}`)).toBe('a'.repeat(41));
  });

  it('are not those of other databases', () => {
    for (const name of ['orders', 'orders-2', 'stock-plimsoll-1a2b3c4d-1'])
      expect(isCreatedFor('orders', name)).toBe(false);
  });
});
