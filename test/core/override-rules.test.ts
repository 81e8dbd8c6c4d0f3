import { describe, expect, it } from 'vitest';
import type { Override } from '../../shared/core/ledger-entry.ts';
import { contradictedBy, contradictionOf, withOverride } from '../../shared/core/override-rules.ts';
import {
  overrideInWords,
  overrideWithOwner,
  whatStays,
  whatStaysForAll,
} from '../../shared/core/override-words.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aCeiling, aFloor, aPause, aPin } from '../support/a-state.ts';

const policy = aPolicy(); // 2 to 20
const between = (wanted: Override, ...inForce: readonly Override[]) =>
  contradictionOf(wanted, inForce, policy);

describe('an override that contradicts the policy is refused with both named', () => {
  it.each([
    [aPin({ size: 1 }), 'A pin of 1 is below the minimum of 2 of policy web.'],
    [aPin({ size: 21 }), 'A pin of 21 is above the maximum of 20 of policy web.'],
    [aCeiling({ size: 1 }), 'A ceiling of 1 is below the minimum of 2 of policy web.'],
    [aFloor({ size: 21 }), 'A floor of 21 is above the maximum of 20 of policy web.'],
  ])('%j', (wanted, sentence) => {
    expect(between(wanted)).toContain(sentence);
    expect(between(wanted)).toMatch(/Ask for \d+ or (more|less)/);
  });

  it.each([
    aPin({ size: 2 }),
    aPin({ size: 20 }),
    aCeiling({ size: 2 }),
    aFloor({ size: 20 }),
    aFloor({ size: 21, force: true }),
    aPause(),
  ])('but %j is within it', (wanted) => {
    expect(between(wanted)).toBeNull();
  });

  it('and a forced floor in force lifts the maximum for a pin, an ordinary one does not', () => {
    expect(between(aPin({ size: 25 }), aFloor({ size: 25, force: true }))).toBeNull();
    expect(between(aPin({ size: 25 }), aFloor({ size: 8 }))).toContain('above the maximum of 20');
  });
});

describe('an override that contradicts another one is refused with both named', () => {
  it.each([
    [aFloor({ size: 9 }), aCeiling({ size: 8 })],
    [aCeiling({ size: 8 }), aFloor({ size: 9 })],
    [aFloor({ size: 9 }), aPin({ size: 8 })],
    [aPin({ size: 8 }), aFloor({ size: 9 })],
    [aPin({ size: 9 }), aCeiling({ size: 8 })],
    [aCeiling({ size: 8 }), aPin({ size: 9 })],
  ])('%j against %j', (wanted, inForce) => {
    const sentence = between(wanted, aPause(), inForce);
    expect(sentence).toContain(`contradicts the ${inForce.kind} of ${inForce.size} that ada set until`);
    expect(sentence).toContain(`A ${wanted.kind} of ${wanted.size}`);
    expect(sentence).toContain(`Clear that ${inForce.kind} first`);
  });

  it('but equal sizes go together, and one of its own kind is replaced', () => {
    const eight = { size: 8 };
    expect(between(aPin(eight), aFloor(eight), aCeiling(eight))).toBeNull();
    expect(between(aFloor({ size: 9 }), aFloor({ size: 3 }))).toBeNull();
    expect(between(aPause(), aPause({ direction: 'in' }), aPin())).toBeNull();
  });
});

it('names all that an override contradicts', () => {
  const high = aFloor({ size: 9 });
  expect(contradictedBy(aPin({ size: 8 }), [high, aCeiling(), aPause(), aPin()])).toEqual([high, aCeiling()]);
  expect(contradictedBy(aPin({ size: 8 }), [aFloor(), aCeiling({ size: 8 })])).toEqual([]);
});

it('puts an override in the place of its like', () => {
  const floor = aFloor({ size: 9 });
  expect(withOverride([aFloor(), aPin()], floor)).toEqual([aPin(), floor]);
});

describe('an override in words', () => {
  it.each([
    [aPin(), 'a pin of 8'],
    [aFloor(), 'a floor of 8'],
    [aCeiling(), 'a ceiling of 3'],
    [aPause(), 'a pause'],
    [aPause({ direction: 'in' }), 'a pause of scale-in'],
  ])('%j is %s', (override, words) => {
    expect(overrideInWords(override)).toBe(words);
  });

  it('names what stays until when, or says that automation resumes', () => {
    const time = '\\d\\d:\\d\\d:\\d\\d';
    expect(whatStays([], [])).toBe('automation resumes');
    expect(whatStays([aPin()], [])).toMatch(new RegExp(`^the pin of 8 stays until ${time}$`));
    expect(whatStays([aFloor()], [aPause()])).toMatch(
      new RegExp(`^the pause of every target stays until ${time} and the floor of 8 until ${time}$`),
    );
    expect(whatStaysForAll([])).toBe('automation resumes wherever a target has no override of its own');
    expect(whatStaysForAll([aPause()])).toMatch(
      new RegExp(`^the pause of every target stays until ${time}$`),
    );
  });

  it('says whose it is, until when and why', () => {
    expect(overrideWithOwner(aFloor())).toMatch(
      /^the floor of 8 that ada set until \d\d:\d\d:\d\d \("a load test"\)$/,
    );
  });
});
