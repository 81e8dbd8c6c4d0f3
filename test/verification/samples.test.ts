import { describe, expect, it } from 'vitest';
import { axesOf, idleLoads, readingsOf, shownAt } from '../../shared/verification/axes.ts';
import { loadsOf, pointsOf, sampleSizes, spread, thinned } from '../../shared/verification/samples.ts';
import { sizesText } from '../../shared/verification/words.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aQueue, aThreshold } from '../support/a-strategy.ts';
import { NOW } from '../support/now.ts';

const [cpu] = axesOf(aPolicy());

describe('sizes', () => {
  it('are all that there are up to sixty', () => {
    expect(sampleSizes({ min: 2, max: 61 })).toHaveLength(60);
    expect(sampleSizes({ min: 0, max: 3 })).toEqual([0, 1, 2, 3]);
  });

  it('are, of more, the small ones and the edges, in order and none twice', () => {
    const sizes = sampleSizes({ min: 1, max: 5000 });
    expect(sizes.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(sizes.slice(-2)).toEqual([4999, 5000]);
    expect(sizes.length).toBeLessThanOrEqual(60);
    expect([...new Set(sizes)].sort((a, b) => a - b)).toEqual(sizes);
  });

  it('are listed as people do', () => {
    expect(sizesText([3], [2, 3, 4])).toBe('3');
    expect(sizesText([2, 3, 5, 9, 10], [2, 3, 4, 5, 9, 10])).toBe('2, 3 and 5 to 10');
    expect(sizesText([2, 4, 6], [2, 3, 4, 5, 6])).toBe('2, 4 and 6');
  });
});

describe('loads', () => {
  it('lie on every edge of every size, and between each two of them', () => {
    if (cpu === undefined) throw new Error('no load');
    const points = pointsOf(cpu, [2, 3]);
    // Target 70, 77 and 63 at the edges of the band, 100 the most there is.
    for (const edge of [70, 77, 63, 100])
      expect(points).toEqual(expect.arrayContaining([edge * 2, edge * 3]));
    expect(points).toContain((63 * 2 + 70 * 2) / 2);
    expect(points).toContain(0);
    expect(Math.max(...points)).toBeGreaterThan(300);
  });

  it('are the same for two strategies that read the same metric', () => {
    const twice = { ...aTargetTracking().metric, id: 'cpu_again' };
    const policy = aPolicy({
      strategies: [aTargetTracking(), aTargetTracking({ metric: twice, target: 50 })],
    });
    const axes = axesOf(policy);
    expect(axes.map(({ specs }) => specs.map(({ id }) => id))).toEqual([['cpu', 'cpu_again']]);
    const readings = readingsOf(axes, [200], 4, NOW);
    expect(readings).toMatchObject({ cpu: { value: 50 }, cpu_again: { value: 50 } });
  });

  it('show as an average what each unit carries, at most a hundred percent, and nothing without a unit', () => {
    if (cpu === undefined) throw new Error('no load');
    expect([4, 2, 1, 0].map((size) => shownAt(cpu, 200, size))).toEqual([50, 100, 100, null]);
    expect(readingsOf([cpu], [200], 0, NOW)['cpu']).toMatchObject({ kind: 'missing', reason: 'no-data' });
  });

  it('have been the same for as long as a rule looks back', () => {
    const axes = axesOf(aPolicy({ strategies: [aThreshold()] }));
    const reading = readingsOf(axes, [200], 4, NOW)['cpu'];
    if (reading?.kind !== 'value') throw new Error('no value');
    expect(reading.earlier).toHaveLength(15);
    expect(new Set(reading.earlier?.map(({ value }) => value))).toEqual(new Set([50]));
    expect(reading.at - (reading.earlier?.[0]?.at ?? 0)).toBe(60_000);
  });

  it('have no end as totals, and are a second where work takes a time that is measured', () => {
    const total = axesOf(aPolicy({ strategies: [aTargetTracking({ scope: 'total' })] }));
    expect(total.map(({ most }) => most)).toEqual([null]);
    const time = {
      ...aTargetTracking().metric,
      id: 'time',
      query: { ...aTargetTracking().metric.query, name: 'T' } as never,
    };
    const execution = { kind: 'metric', metric: time } as const;
    const backlogPerWorker = {
      kind: 'latency',
      targetLatencySeconds: 60,
      concurrency: 2,
      execution,
    } as const;
    const axes = axesOf(aPolicy({ strategies: [aQueue({ backlogPerWorker })] }));
    expect(idleLoads(axes)).toEqual([0, 1]);
    expect(axes[0]?.marks).toContainEqual({ value: 120, perUnit: true });
  });

  it('of several metrics vary one by one, and together in a fixed sample', () => {
    const other = {
      ...aTargetTracking().metric,
      id: 'memory',
      query: { ...aTargetTracking().metric.query, name: 'M' } as never,
    };
    const axes = axesOf(aPolicy({ strategies: [aTargetTracking(), aTargetTracking({ metric: other })] }));
    const loads = loadsOf(axes, [2, 3, 4]);
    expect(loads).toEqual(loadsOf(axes, [2, 3, 4]));
    expect(loads.length).toBeLessThanOrEqual(1800);
    expect(loads.filter(([one, two]) => one === 0 && two !== 0).length).toBeGreaterThan(20);
    expect(loads.filter(([one, two]) => one !== 0 && two === 0).length).toBeGreaterThan(20);
    expect(loads.filter(([one, two]) => one !== 0 && two !== 0).length).toBeGreaterThan(100);
  });

  it('are there even where nothing is measured', () => {
    expect(loadsOf([], [1, 2])).toEqual([[]]);
  });
});

describe('a thinned list', () => {
  it('keeps its ends', () => {
    const all = Array.from({ length: 100 }, (_, index) => index);
    expect(thinned(all, 4)).toEqual([0, 33, 66, 99]);
    expect(thinned(all, 100)).toEqual(all);
  });

  it('that is spread loses nothing', () => {
    const all = Array.from({ length: 21 }, (_, index) => index);
    expect(spread(all).slice(0, 6)).toEqual([0, 8, 16, 4, 12, 20]);
    expect([...spread(all)].sort((a, b) => a - b)).toEqual(all);
  });
});
