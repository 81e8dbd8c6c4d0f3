import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { alarmStateChange } from '../../events/contracts/alarm-state-change.ts';
import { type Instant, plusSeconds } from '../../shared/core/time.ts';
import { createPlant, type Plant } from '../../shared/simulation/plant.ts';
import type { PlantEvent } from '../../shared/simulation/plant-event.ts';
import type { Workload } from '../../shared/simulation/workload.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { clockTime } from '../support/now.ts';

const START = clockTime('10:00:00');
const later = (seconds: number): Instant => plusSeconds(START, seconds);

/** Five units at target until `from`, ten units' worth of load until `to`, then five again. */
const surge = (from: number, to: number): Workload => ({
  start: START,
  end: later(7200),
  loadAt: (at) => (at >= later(from) && at < later(to) ? 1000 : 500),
  percentile: () => 1000,
});

const aPlant = (workload: Workload, policy = aPolicy()): Plant =>
  createPlant({ policies: [policy], workload, seed: 1, start: START, unitCapacity: 100 });

interface Change {
  readonly alarm: string;
  readonly to: string;
  readonly from: string;
  readonly time: string;
}

type AlarmDetail = Readonly<
  Record<'state' | 'previousState', { value: string; reason: string; reasonData: string }>
>;

const detailOf = (event: PlantEvent): AlarmDetail => event.detail as unknown as AlarmDetail;

const changes = (events: readonly PlantEvent[]): readonly Change[] =>
  events
    .filter(({ source }) => source === 'aws.cloudwatch')
    .map((event) => ({
      alarm: String(event.detail['alarmName']),
      from: detailOf(event).previousState.value,
      to: detailOf(event).state.value,
      time: event.time.slice(11, 19),
    }));

describe('alarms of the account', () => {
  it('are INSUFFICIENT_DATA when new, and report their first state at the first evaluation', () => {
    const plant = aPlant(surge(9999, 9999));
    expect(plant.describeAlarms().map(({ status }) => status.state)).toEqual([
      'INSUFFICIENT_DATA',
      'INSUFFICIENT_DATA',
    ]);
    expect(changes(plant.advanceTo(later(5)))).toEqual([]);
    expect(changes(plant.advanceTo(later(6)))).toEqual([
      { alarm: 'plimsoll-web-cpu-out', from: 'INSUFFICIENT_DATA', to: 'OK', time: '10:00:06' },
      { alarm: 'plimsoll-web-cpu-in', from: 'INSUFFICIENT_DATA', to: 'OK', time: '10:00:06' },
    ]);
  });

  it('report a change once, however long it lasts', () => {
    const plant = aPlant(surge(300, 3000));
    plant.advanceTo(later(60));
    expect(changes(plant.advanceTo(later(7200)))).toEqual([
      { alarm: 'plimsoll-web-cpu-out', from: 'OK', to: 'ALARM', time: '10:06:06' },
      { alarm: 'plimsoll-web-cpu-out', from: 'ALARM', to: 'OK', time: '10:51:06' },
    ]);
  });

  it('go quiet when enough is running again', () => {
    const plant = aPlant(surge(300, 7200));
    plant.advanceTo(later(370));
    plant.updateService('prod', 'web', { desired: 10 });
    expect(changes(plant.advanceTo(later(1200)))).toEqual([
      {
        alarm: 'plimsoll-web-cpu-out',
        from: 'ALARM',
        to: 'OK',
        time: expect.stringMatching(/^10:0[89]:06$/),
      },
    ]);
  });

  it('go to INSUFFICIENT_DATA when the metric stops, after the datapoints in their range have aged', () => {
    const plant = aPlant(surge(9999, 9999));
    plant.advanceTo(later(60));
    plant.stopMetric({ namespace: 'AWS/ECS', name: 'CPUUtilization' });
    const seen = changes(plant.advanceTo(later(1200)));
    expect(seen).toEqual([
      { alarm: 'plimsoll-web-cpu-out', from: 'OK', to: 'INSUFFICIENT_DATA', time: '10:04:06' },
      { alarm: 'plimsoll-web-cpu-in', from: 'OK', to: 'INSUFFICIENT_DATA', time: '10:08:06' },
    ]);
  });

  it('take a missing metric for low where the policy says that missing is zero', () => {
    const metric = { ...aTargetTracking().metric, whenMissing: 'zero' as const };
    const plant = aPlant(surge(9999, 9999), aPolicy({ strategies: [aTargetTracking({ metric })] }));
    plant.advanceTo(later(60));
    plant.stopMetric({ namespace: 'AWS/ECS', name: 'CPUUtilization' });
    expect(changes(plant.advanceTo(later(1200)))).toMatchObject([
      { alarm: 'plimsoll-web-cpu-in', from: 'OK', to: 'ALARM' },
    ]);
  });

  it('of a period below a minute are evaluated every ten seconds', () => {
    const metric = { ...aTargetTracking().metric, periodSeconds: 20 };
    const plant = aPlant(surge(300, 3000), aPolicy({ strategies: [aTargetTracking({ metric })] }));
    plant.advanceTo(later(60));
    expect(changes(plant.advanceTo(later(600)))).toEqual([
      { alarm: 'plimsoll-web-cpu-out', from: 'OK', to: 'ALARM', time: '10:05:26' },
    ]);
  });

  it('follow an expression of real counts and of load', () => {
    const query = {
      kind: 'expression',
      expression: 'm1/m2',
      metrics: {
        m1: { namespace: 'AWS/SQS', name: 'Visible', dimensions: { QueueName: 'jobs' }, stat: 'Maximum' },
        m2: {
          namespace: 'ECS/ContainerInsights',
          name: 'RunningTaskCount',
          dimensions: { ClusterName: 'prod', ServiceName: 'web' },
          stat: 'Average',
        },
      },
    } as const;
    const metric = { ...aTargetTracking().metric, query };
    const plant = aPlant(
      surge(300, 3000),
      aPolicy({ strategies: [aTargetTracking({ metric, target: 30 })] }),
    );
    plant.advanceTo(later(60));
    const events = plant.advanceTo(later(600));
    expect(changes(events)).toMatchObject([{ to: 'ALARM' }]);
    expect(events[0]?.detail['configuration']).toMatchObject({
      metrics: [{ expression: 'm1/m2', returnData: true }, { id: 'm1', returnData: false }, { id: 'm2' }],
    });
  });
});

describe('the event of an alarm', () => {
  const plant = aPlant(surge(300, 3000));
  const first = plant.advanceTo(later(60));
  const [alarm] = plant.advanceTo(later(600));
  if (alarm === undefined) throw new Error('no alarm');

  /** Names of all members, at every depth; texts and numbers are left out. */
  const shapeOf = (value: unknown): unknown =>
    typeof value !== 'object' || value === null
      ? typeof value
      : Array.isArray(value)
        ? value.map(shapeOf)
        : Object.fromEntries(
            Object.entries(value)
              .sort(([left], [right]) => (left < right ? -1 : 1))
              .map(([key, each]) => [key, shapeOf(each)]),
          );

  it('has the shape of a recorded one', () => {
    const recorded: unknown = JSON.parse(
      readFileSync(
        new URL('../../events/samples/cloudwatch-alarm-state-change.alarm.json', import.meta.url),
        'utf8',
      ),
    );
    expect(shapeOf(alarm)).toEqual(shapeOf(recorded));
  });

  it('is understood by the contract of the controller', () =>
    expect(alarmStateChange.parse(alarm)).toMatchObject({ detail: { alarmName: 'plimsoll-web-cpu-out' } }));

  it('says in words and in numbers what was crossed', () => {
    const { state, previousState } = detailOf(alarm);
    expect(state.reason).toBe(
      'Threshold Crossed: 1 out of the last 1 datapoints [100.0 (02/03/26 10:05:00)] was greater than the threshold (77.0) (minimum 1 datapoint for OK -> ALARM transition).',
    );
    expect(previousState.reason).toBe(
      'Threshold Crossed: 1 out of the last 1 datapoints [70.0 (02/03/26 09:59:00)] was not greater than the threshold (77.0) (minimum 1 datapoint for ALARM -> OK transition).',
    );
    expect(JSON.parse(state.reasonData)).toEqual({
      version: '1.0',
      queryDate: '2026-03-02T10:06:06.000+0000',
      startDate: '2026-03-02T10:05:00.000+0000',
      statistic: 'Average',
      period: 60,
      recentDatapoints: [100],
      threshold: 77,
      evaluatedDatapoints: [{ timestamp: '2026-03-02T10:05:00.000+0000', value: 100 }],
    });
  });

  it('says at first that the alarm had not been checked', () => {
    const { previousState } = detailOf(first[0] ?? alarm);
    expect(previousState.reason).toBe('Unchecked: Initial alarm creation');
    expect(previousState.reasonData).toBeUndefined();
  });

  it('has an identifier of its own', () => {
    const ids = [...first, alarm].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(alarm.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
