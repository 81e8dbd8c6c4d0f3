import { describe, expect, it } from 'vitest';
import { loadTrace } from '../../shared/simulation/load-trace.ts';
import { findReplayStart } from '../../shared/simulation/replay-start.ts';
import { parseTrace } from '../../shared/simulation/trace-csv.ts';
import { traceWorkload } from '../../shared/simulation/workload.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';

const DAY = 86_400;

describe('the start of a replay', () => {
  it.each(['wc98', 'nasa'])(
    'of %s lies shortly before a climb that trips an alarm within 18 minutes',
    async (name) => {
      const { trace, day } = await loadTrace(name);
      const found = findReplayStart(trace, { policies: [aPolicy()], day, seconds: DAY, seed: 1 });
      expect(found.firstAlarmSeconds).toBeGreaterThanOrEqual(180);
      expect(found.firstAlarmSeconds).toBeLessThanOrEqual(1080);
      expect(found.window.fromSeconds).toBeGreaterThanOrEqual(day * DAY - 60);
      expect(found.window.fromSeconds).toBeLessThan((day + 1) * DAY);
      const load = traceWorkload(trace, found.window);
      expect(load.start % 60_000).toBe(0);
    },
  );

  it('does not count the alarm of a total, which is on whenever the minimum does not suffice', async () => {
    const { trace, day } = await loadTrace('wc98');
    const policies = [aPolicy({ strategies: [aTargetTracking({ scope: 'total' })] })];
    const found = findReplayStart(trace, { policies, day, seconds: DAY, seed: 1 });
    expect(found.firstAlarmSeconds).toBeGreaterThanOrEqual(180);
  });

  it('does not wait for targets that are paused or at their maximum', async () => {
    const { trace, day } = await loadTrace('wc98');
    const service = (name: string) => ({ kind: 'ecs-service', cluster: 'prod', service: name }) as const;
    const policies = [
      aPolicy({ name: 'paused', target: service('paused'), paused: { out: true } }),
      aPolicy({ name: 'full', target: service('full'), bounds: { min: 1, max: 1 } }),
    ];
    const found = findReplayStart(trace, { policies, day, seconds: DAY, seed: 1 });
    expect(found.firstAlarmSeconds).toBeNull();
  });

  it('is the same every time', async () => {
    const { trace, day } = await loadTrace('wc98');
    const wish = { policies: [aPolicy()], day, seconds: DAY, seed: 1 };
    expect(findReplayStart(trace, wish)).toEqual(findReplayStart(trace, wish));
  });

  it('says so when no climb trips an alarm, and starts all the same', () => {
    const flat = ['epoch_seconds,value', ...Array.from({ length: 60 }, (_, minute) => `${minute * 60},5`)];
    const trace = parseTrace(flat.join('\n'), 'flat.csv');
    const found = findReplayStart(trace, { policies: [aPolicy()], day: 0, seconds: 3600, seed: 1 });
    expect(found).toEqual({ window: { fromSeconds: 0, seconds: 3600 }, firstAlarmSeconds: null });
  });

  it('refuses a replay that is longer than the trace', () => {
    const trace = parseTrace('epoch_seconds,value\n0,1\n60,1\n', 'short.csv');
    const wish = { policies: [aPolicy()], day: 0, seconds: 3600, seed: 1 };
    expect(() => findReplayStart(trace, wish)).toThrow(/short\.csv: a window of 1 h .* at most 0\.03 h/);
  });
});
