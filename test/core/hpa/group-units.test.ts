import { describe, expect, it, test } from 'vitest';
import type { UnitState } from '../../../shared/core/capacity.ts';
import { groupUnits } from '../../../shared/core/hpa/group-units.ts';
import { aUnit } from '../../support/a-unit.ts';

const CPU = { initializationSeconds: 120, readinessDelaySeconds: 10 };
const sampled = new Map([['u', 1n]]);

/** The group of one unit. */
function groupOf(overrides: Partial<UnitState>, gate: typeof CPU | null = CPU, samples = sampled): string {
  const { ready, ...ids } = groupUnits([aUnit('u', overrides)], samples, gate);
  return ready === 1 ? 'ready' : (Object.entries(ids).find(([, list]) => list.length > 0)?.[0] ?? 'none');
}

test.each<{ why: string; unit: Partial<UnitState>; is: string }>([
  { why: 'a failed unit takes no part', unit: { phase: 'failed' }, is: 'ignored' },
  { why: 'nor does a finished one', unit: { phase: 'succeeded' }, is: 'ignored' },
  { why: 'nor does one on its way out, even while it serves', unit: { deleting: true }, is: 'ignored' },
  { why: 'leaving comes before pending', unit: { deleting: true, phase: 'pending' }, is: 'ignored' },
  { why: 'a pending unit is unready, with or without a sample', unit: { phase: 'pending' }, is: 'unready' },
])('$why', ({ unit, is }) => {
  expect(groupOf(unit)).toBe(is);
  expect(groupOf(unit, null)).toBe(is);
});

it('misses the sample of a unit that runs', () => {
  expect(groupOf({}, CPU, new Map())).toBe('missing');
  expect(groupOf({ ready: false }, CPU, new Map())).toBe('missing');
});

describe('CPU of a unit that is not told to be ready', () => {
  test.each<{ why: string; unit: Partial<UnitState>; is: string }>([
    { why: 'unknown readiness holds it back', unit: { ready: null }, is: 'unready' },
    { why: 'so does an unknown start', unit: { startedSecondsAgo: null }, is: 'unready' },
    {
      why: 'while it starts it must be ready',
      unit: { ready: false, startedSecondsAgo: 119, readyChangedSecondsAgo: 100 },
      is: 'unready',
    },
    {
      why: 'and its sample must have been taken wholly since then',
      unit: { startedSecondsAgo: 100, readyChangedSecondsAgo: 69, sampleAgeSeconds: 10 },
      is: 'unready',
    },
    {
      why: 'to the second: a window that began just then counts',
      unit: { startedSecondsAgo: 100, readyChangedSecondsAgo: 70, sampleAgeSeconds: 10 },
      is: 'ready',
    },
    {
      why: 'at the end of that time the other rule holds',
      unit: { startedSecondsAgo: 120, readyChangedSecondsAgo: 5 },
      is: 'ready',
    },
    {
      why: 'later a unit that was never ready is held back',
      unit: { ready: false, startedSecondsAgo: 300, readyChangedSecondsAgo: 291 },
      is: 'unready',
    },
    {
      why: 'one that was ready once and fails now is counted',
      unit: { ready: false, startedSecondsAgo: 300, readyChangedSecondsAgo: 290 },
      is: 'ready',
    },
    {
      why: 'one whose last change nobody knows has never been ready',
      unit: { ready: false, readyChangedSecondsAgo: null },
      is: 'unready',
    },
  ])('$why', ({ unit, is }) => {
    expect(groupOf(unit)).toBe(is);
    // No other metric cares.
    expect(groupOf(unit, null)).toBe('ready');
  });
});
