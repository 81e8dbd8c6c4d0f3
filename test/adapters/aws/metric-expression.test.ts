import { describe, expect, it } from 'vitest';
import { namesIn, renameIds, spansItsRequest } from '../../../shared/adapters/aws/metric-expression.ts';

const rename = (expression: string, ...ids: readonly string[]): string =>
  renameIds(expression, new Map(ids.map((id, index) => [id, `q7_${index}`])));

describe('renaming the ids of an expression', () => {
  it.each([
    ['m1/m2', ['m1', 'm2'], 'q7_0/q7_1'],
    ['m1+m10+m1', ['m1', 'm10'], 'q7_0+q7_1+q7_0'],
    ['m10/m1', ['m1', 'm10'], 'q7_1/q7_0'],
    ['m', ['m'], 'q7_0'],
    ['MAX([m1,m2])*100', ['m1', 'm2'], 'MAX([q7_0,q7_1])*100'],
    ['FILL(m1, REPEAT)', ['m1'], 'FILL(q7_0, REPEAT)'],
    ['IF(m1 > 1e5, m1, 2E-3)', ['m1', 'e5'], 'IF(q7_0 > 1e5, q7_0, 2E-3)'],
    ['1e5/e5', ['e5'], '1e5/q7_0'],
    ['sum(m1)/sum', ['sum', 'm1'], 'sum(q7_1)/q7_0'],
    ['sum (m1)', ['sum', 'm1'], 'sum (q7_1)'],
    [`SEARCH('{AWS/ECS,m1} m1', 'Average')/m1`, ['m1'], `SEARCH('{AWS/ECS,m1} m1', 'Average')/q7_0`],
    [`SEARCH("m1 \\"m1\\" m1")+m1`, ['m1'], `SEARCH("m1 \\"m1\\" m1")+q7_0`],
    [`"it's m1"+m1`, ['m1'], `"it's m1"+q7_0`],
    ['cpu_used/cpu', ['cpu', 'cpu_used'], 'q7_1/q7_0'],
    ['M1/m1', ['m1'], 'M1/q7_0'],
    ['m1\n/\tm2', ['m1', 'm2'], 'q7_0\n/\tq7_1'],
    ['m1/0.5', ['m1'], 'q7_0/0.5'],
    ['', ['m1'], ''],
  ])('turns %j with %j into %j', (expression, ids, expected) => {
    expect(rename(expression, ...ids)).toBe(expected);
  });

  it('renames in one go, so that an id which is the new name of another is safe', () => {
    const swapped = new Map([
      ['a', 'b'],
      ['b', 'a'],
    ]);
    expect(renameIds('a-b', swapped)).toBe('b-a');
  });

  it('lists names, but no functions and no text in quotes', () => {
    expect([...namesIn(`SUM([m1, q0_1])/IF(m2 > 1e5, "m3", REPEAT)`)]).toEqual([
      'm1',
      'q0_1',
      'm2',
      'REPEAT',
    ]);
  });

  it('sees METRICS() where it is called, not where it is quoted', () => {
    expect(spansItsRequest('SUM(METRICS("cpu"))')).toBe(true);
    expect(spansItsRequest('"METRICS()"')).toBe(false);
    expect(spansItsRequest('m1/m2')).toBe(false);
  });
});
