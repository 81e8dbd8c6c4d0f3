import { describe, expect, it } from 'vitest';
import { instant, plusSeconds } from '../../shared/core/time.ts';
import { loadTrace } from '../../shared/simulation/load-trace.ts';
import { parseTrace } from '../../shared/simulation/trace-csv.ts';
import { constantWorkload, traceWorkload } from '../../shared/simulation/workload.ts';

const trace = parseTrace('epoch_seconds,value\n600,0\n660,60\n720,0\n780,100\n', 'small.csv');

describe('a workload from a trace', () => {
  const whole = traceWorkload(trace);

  it('begins and ends with the trace', () => {
    expect(whole.start).toBe(600_000);
    expect(whole.end).toBe(840_000);
  });

  it('interpolates between two values, at any instant', () => {
    expect(whole.loadAt(instant(630_000))).toBe(30);
    expect(whole.loadAt(instant(660_000))).toBe(60);
    expect(whole.loadAt(instant(660_500))).toBe(59.5);
  });

  it('keeps the first and the last value beyond the ends', () => {
    expect(whole.loadAt(instant(0))).toBe(0);
    expect(whole.loadAt(instant(9_999_000))).toBe(100);
  });

  it('takes percentiles of the window alone', () => {
    expect(whole.percentile(1)).toBe(100);
    expect(whole.percentile(0.5)).toBe(30);
    expect(traceWorkload(trace, { fromSeconds: 0, seconds: 120 }).percentile(1)).toBe(60);
  });

  it.each([
    { fromSeconds: 0, seconds: 241 },
    { fromSeconds: 60, seconds: 240 },
    { fromSeconds: -60, seconds: 60 },
    { fromSeconds: 0, seconds: 0 },
  ])('refuses a window outside the trace instead of inventing load: %o', (window) =>
    expect(() => traceWorkload(trace, window)).toThrow(
      /small\.csv: a window of .* does not lie inside the trace/,
    ),
  );
});

describe('a constant workload', () => {
  const { loadAt, percentile } = constantWorkload(7, instant(0), instant(1000));

  it('is the same at any time', () => {
    expect(loadAt(plusSeconds(instant(0), 9))).toBe(7);
    expect(percentile(0.999)).toBe(7);
  });
});

describe('the traces that come with Plimsoll', () => {
  it.each([
    ['wc98', 28_800, '1998-06-05T00:00:00.000Z'],
    ['nasa', 39_692, '1995-07-01T04:00:01.000Z'],
  ])('%s has %i minutes from %s', async (name, minutes, start) => {
    const loaded = await loadTrace(name);
    expect(loaded.trace.values).toHaveLength(minutes);
    expect(loaded.trace.stepSeconds).toBe(60);
    expect(new Date(loaded.trace.startSeconds * 1000).toISOString()).toBe(start);
    expect(loaded.day * 1440).toBeLessThan(minutes - 1440);
  });

  it('are named when a file is not there', () =>
    expect(loadTrace('no/such.csv')).rejects.toThrow(/no\/such\.csv: cannot be read .* wc98, nasa/));
});
