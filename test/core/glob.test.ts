import { describe, expect, it } from 'vitest';
import { globMatches } from '../../shared/core/glob.ts';
import { fc } from '../support/fast-check.ts';

describe('a glob', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything/at:all', true],
    ['?', '', false],
    ['?', 'a', true],
    ['a?c', 'abc', true],
    ['a*c', 'ac', true],
    ['a*c', 'abcd', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['*ab', 'aab', true],
    ['a**', 'a', true],
    ['[abc]', 'b', true],
    ['[abc]', 'd', false],
    ['[^abc]', 'd', true],
    ['[^abc]', 'a', false],
    ['[b-d]', 'c', true],
    ['[d-b]', 'c', true],
    ['[b-d]', 'e', false],
    // A range up to the bracket, which so is none.
    ['[a-]', ']', true],
    ['[a-]', '-', false],
    ['[a-', '-', true],
    ['[a', 'a', true],
    ['[', '[', false],
    ['[]', ']', false],
    ['[^]', 'x', true],
    ['[\\]]', ']', true],
    ['[\\', '\\', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['\\', '\\', true],
    ['a\\', 'a\\', true],
  ])('%j of %j: %s', (pattern, text, expected) => {
    expect(globMatches(pattern)(text)).toBe(expected);
  });

  it('of a text whose special characters are escaped matches that text alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const matches = globMatches(text.replace(/[*?[\]\\^-]/g, '\\$&'));
        expect(matches(text)).toBe(true);
        expect(matches(other)).toBe(other === text);
      }),
    );
  });

  it('takes no longer than its length times that of the text', () => {
    const started = performance.now();
    expect(globMatches(`${'*a'.repeat(250)}b`)('a'.repeat(1_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
