import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AlarmState } from '../../shared/core/signal.ts';
import { type AlarmRule, evaluateAlarm, evaluationRange } from '../../shared/simulation/alarm-evaluator.ts';

interface Cell {
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
  readonly slots: string;
  readonly treatMissingData: AlarmRule['treatMissingData'];
  readonly want: AlarmState | 'RETAIN';
}

const cells: readonly Cell[] = JSON.parse(
  readFileSync(new URL('../fixtures/cloudwatch-missing-data.json', import.meta.url), 'utf8'),
);

const VALUES: Readonly<Record<string, number | null>> = { '0': 10, X: 90, '-': null };

const rule = (overrides: Partial<AlarmRule> = {}): AlarmRule => ({
  comparison: 'GreaterThanThreshold',
  threshold: 50,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  treatMissingData: 'missing',
  ...overrides,
});

const STATES: readonly AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

describe('the examples of the CloudWatch user guide', () => {
  it('are all here', () => expect(cells).toHaveLength(40));

  it.each(cells)('$datapointsToAlarm of $evaluationPeriods, $slots, $treatMissingData: $want', (cell) => {
    const slots = [...cell.slots].map((slot) => VALUES[slot] ?? null);
    for (const current of STATES) {
      const want = cell.want === 'RETAIN' ? current : cell.want;
      expect(evaluateAlarm(rule(cell), slots, current)).toBe(want);
    }
  });
});

describe('an alarm', () => {
  it('looks at five periods where three count, as the guide shows', () => expect(evaluationRange(3)).toBe(5));

  it('does not count a value on the threshold as beyond it, on either side', () => {
    const slots = [50, 50, 50];
    expect(evaluateAlarm(rule(), slots, 'ALARM')).toBe('OK');
    expect(evaluateAlarm(rule({ comparison: 'LessThanThreshold' }), slots, 'ALARM')).toBe('OK');
  });

  it('fires below the threshold when it watches the low side', () =>
    expect(evaluateAlarm(rule({ comparison: 'LessThanThreshold' }), [1, 1, 1], 'OK')).toBe('ALARM'));

  it('judges by the newest datapoints when it has more than it needs', () => {
    expect(evaluateAlarm(rule(), [90, 90, 90, 10, 10], 'ALARM')).toBe('OK');
    expect(evaluateAlarm(rule(), [10, 10, 90, 90, 90], 'OK')).toBe('ALARM');
  });

  it.each(STATES)('keeps %s on a premature breach: one fresh datapoint of three says too little', (current) =>
    expect(evaluateAlarm(rule(), [null, null, null, null, 90], current)).toBe(current),
  );
});
