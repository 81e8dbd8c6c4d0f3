import { expect, it, test } from 'vitest';
import { failedRecently } from '../../../shared/core/guards/failed-recently.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aState } from '../../support/a-state.ts';
import { verdictOf } from '../../support/deciding.ts';
import { clockTime, NOW } from '../../support/now.ts';

const failed = (count: number, secondsAgo: number) =>
  aState({ failures: { count, at: plusSeconds(NOW, -secondsAgo), direction: 'out' } });

test.each([
  { count: 1, wait: 60 },
  { count: 2, wait: 120 },
  { count: 3, wait: 240 },
  { count: 4, wait: 480 },
  { count: 5, wait: 900 },
  { count: 6, wait: 900 },
  { count: 2000, wait: 900 },
])('after $count failures in a row the next attempt waits $wait s', ({ count, wait }) => {
  expect(verdictOf(failedRecently, { state: failed(count, wait - 0.001), wish: 9 }).effect).toBe('hold');
  expect(verdictOf(failedRecently, { state: failed(count, wait), wish: 9 }).effect).toBe('pass');
});

it('lets everything pass where nothing failed', () => {
  expect(verdictOf(failedRecently, { wish: 9 }).effect).toBe('pass');
});

it('lets the other direction pass: what could not be added says nothing against a cut', () => {
  expect(verdictOf(failedRecently, { state: failed(5, 1), wish: 2 }).effect).toBe('pass');
});

it('says when the next attempt is', () => {
  expect(verdictOf(failedRecently, { state: failed(2, 36), wish: 9 })).toEqual({
    effect: 'hold',
    reason: 'failed-recently',
    until: clockTime('10:04:30'),
    detail: '2 failed in a row to scale out; the next attempt is at 10:04:30, in 84 s.',
  });
});

it('does not judge what an operator asks for', () => {
  expect(failedRecently.judges).not.toContain('manual');
});
