import { describe, expect, it } from 'vitest';
import { parseMetricMath } from '../../shared/simulation/metric-math.ts';
import type { Series } from '../../shared/simulation/metric-math-values.ts';

const TIMES = [0, 60_000, 120_000, 180_000];

const series = (...values: readonly (number | null)[]): Series =>
  new Map(
    values.flatMap((value, index): [number, number][] => (value === null ? [] : [[index * 60_000, value]])),
  );

const evaluate = (
  expression: string,
  metrics: Readonly<Record<string, Series>>,
): readonly (number | null)[] => {
  const result = parseMetricMath(expression).evaluate(metrics, TIMES, 60);
  return TIMES.map((at) => result.get(at) ?? null);
};

const m1 = series(10, 20, null, 40);
const m2 = series(2, 0, 3, 4);

describe('metric math', () => {
  it.each([
    ['m1/m2', [5, null, null, 10]],
    ['100*m2/(m2+2)', [50, 0, 60, 200 / 3]],
    ['-m2 + 5', [3, 5, 2, 1]],
    ['m2^2', [4, 0, 9, 16]],
    ['m2 > 2', [0, 0, 1, 1]],
    ['m2 >= 2 AND m2 < 4', [1, 0, 1, 0]],
    ['m2 == 0 OR m2 == 4', [0, 1, 0, 1]],
    ['SUM([m1,m2])', [12, 20, 3, 44]],
    ['AVG([m1, m2])', [6, 10, 3, 22]],
    ['MAX(METRICS())', [10, 20, 3, 40]],
    ['MIN([m1,m2,5])', [2, 0, 3, 4]],
    ['m2 / SUM(m2)', [2 / 9, 0, 3 / 9, 4 / 9]],
    ['CEIL(m2/3)', [1, 0, 1, 2]],
    ['FLOOR(m2/3)', [0, 0, 1, 1]],
    ['ABS(m2-3)', [1, 3, 0, 1]],
    ['IF(m2 > 2, m2, 100)', [100, 100, 3, 4]],
    ['IF(m2 > 2, m2)', [null, null, 3, 4]],
    ['IF(1, m2, m1)', [2, 0, 3, 4]],
    ['FILL(m1, 0)', [10, 20, 0, 40]],
    ['FILL(m1, m2)', [10, 20, 3, 40]],
    ['FILL(m1, REPEAT)', [10, 20, 20, 40]],
    ['FILL(m1, LINEAR)', [10, 20, 30, 40]],
    ['m2 * PERIOD(m2)', [120, 0, 180, 240]],
    ['DIFF(m2)', [null, -2, 3, 1]],
    ['RATE(m2)', [null, -2 / 60, 3 / 60, 1 / 60]],
    ['fill(m1, 0) / max([m2, 1])', [5, 20, 0, 10]],
    ['7', [7, 7, 7, 7]],
  ])('%s', (expression, wanted) => {
    const got = evaluate(expression, { m1, m2 });
    expect(got.map((value) => value?.toFixed(9) ?? null)).toEqual(
      wanted.map((value) => value?.toFixed(9) ?? null),
    );
  });

  it('names the metrics that it needs, and no functions or fill modes', () =>
    expect(parseMetricMath('FILL(m1, REPEAT) / MAX([m2, m3])').ids).toEqual(['m1', 'm2', 'm3']));

  it.each([
    ['m1 +', 'does not parse'],
    ['m9', 'names m9, which is no metric of the query'],
    ['ANOMALY_DETECTION_BAND(m1)', 'calls ANOMALY_DETECTION_BAND, which the simulated account does not know'],
    ['[m1, m2]', 'yields several series'],
    ['m1 % 2', 'uses the operator %'],
    ['!m1', 'uses the operator !'],
    ['m1 + "2"', 'where a number belongs'],
    ['m1.x', 'uses MemberExpression'],
    ['m1 m2', 'uses Compound'],
    ['SUM()', 'aggregate of nothing'],
    ['IF(m1)', 'fewer than two arguments'],
  ])('refuses %s with the text and the problem', (expression, problem) =>
    expect(() => evaluate(expression, { m1, m2 })).toThrow(problem),
  );
});
