import { expect, it, test } from 'vitest';
import type { ResizeCause } from '../../../shared/core/decision.ts';
import { resizeInFlight } from '../../../shared/core/guards/resize-in-flight.ts';
import { aResize, aState } from '../../support/a-state.ts';
import { verdictOf } from '../../support/deciding.ts';
import { NOW } from '../../support/now.ts';

const out = aResize({ from: 4, to: 6 });
const inward = aResize({ from: 6, to: 4 });

test.each([
  { why: 'nothing is in flight', resize: null, wish: 9, effect: 'pass' },
  { why: 'more is needed than is on its way', resize: out, wish: 7, effect: 'pass' },
  { why: 'the same is needed', resize: out, wish: 6, effect: 'hold' },
  { why: 'less is needed than is on its way', resize: out, wish: 5, effect: 'hold' },
  {
    why: 'the resource has not accepted the size yet',
    resize: { ...out, acceptedAt: null },
    wish: 9,
    effect: 'hold',
  },
  { why: 'a scale-in must come to its end first', resize: inward, wish: 9, effect: 'hold' },
  { why: 'a scale-in is not deepened', resize: inward, wish: 2, effect: 'hold' },
])('$why: $effect', ({ resize, wish, effect }) => {
  expect(verdictOf(resizeInFlight, { state: aState({ resize }), wish, size: resize?.to ?? 4 }).effect).toBe(
    effect,
  );
});

test.each<ResizeCause>(['bounds', 'fallback', 'pin', 'manual'])(
  'only a policy raises a resize in flight, not: %s',
  (cause) => {
    expect(verdictOf(resizeInFlight, { state: aState({ resize: out }), wish: 9, cause }).effect).toBe('hold');
  },
);

it('says what it waits for', () => {
  const state = aState({ resize: aResize({ startedAt: NOW }) });
  expect(verdictOf(resizeInFlight, { state, wish: 6 })).toEqual({
    effect: 'hold',
    reason: 'resize-in-flight',
    until: null,
    detail: 'The resize from 4 to 6 of 10:03:06 has not settled yet.',
  });
});
