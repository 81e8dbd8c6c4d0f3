import { describe, expect, it } from 'vitest';
import { checkWindow } from '../../../functions/local/replay-window.ts';

const HOUR = 3600;

describe('the part of a trace that is replayed', () => {
  it('fits up to its last second', () => {
    expect(() => checkWindow(480 * HOUR, 456 * HOUR, 24 * HOUR)).not.toThrow();
    expect(() => checkWindow(480 * HOUR, null, 480 * HOUR)).not.toThrow();
  });

  it.each([
    [9999, 24, '--from 9999h: the trace ends at 480h (for 24h of it write --from 456h or less)'],
    [470, 24, '--from 470h --for 24h: the trace ends at 480h (write --for 10h, or --from 456h)'],
    [null, 500, '--for 500h: the trace ends at 480h (write --for 480h or less)'],
  ])('is refused beyond its end with what would do: from %s, for %s', (from, hours, sentence) => {
    expect(() => checkWindow(480 * HOUR, from === null ? null : from * HOUR, hours * HOUR)).toThrow(sentence);
  });
});
