import type { AlarmSpec } from '../core/alarms.ts';
import type { MetricStat } from '../core/metric.ts';
import type { AlarmState } from '../core/signal.ts';
import type { Instant } from '../core/time.ts';
import { breaches } from './alarm-evaluator.ts';
import { isoMillis, isoOffset } from './iso-time.ts';
import type { Datapoint } from './metric-series.ts';

const COMPARED: Readonly<Record<AlarmSpec['comparison'], string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** The state of an alarm, with why and since when. */
export interface AlarmStatus {
  readonly state: AlarmState;
  readonly reason: string;
  /** JSON text with the numbers behind the reason; absent before the first evaluation. */
  readonly reasonData: string | null;
  readonly since: Instant;
}

/** The status of an alarm that has just been created. */
export const freshStatus = (at: Instant): AlarmStatus => ({
  state: 'INSUFFICIENT_DATA',
  reason: 'Unchecked: Initial alarm creation',
  reasonData: null,
  since: at,
});

/** The status after an evaluation that changed the state, worded as CloudWatch words it. */
export function statusAfter(
  spec: AlarmSpec,
  state: AlarmState,
  datapoints: readonly Datapoint[],
  now: Instant,
): AlarmStatus {
  const newest = datapoints.slice(-spec.evaluationPeriods);
  return {
    state,
    reason: reasonFor(spec, state, newest),
    reasonData: reasonData(spec, newest, now),
    since: now,
  };
}

function reasonFor(spec: AlarmSpec, state: AlarmState, datapoints: readonly Datapoint[]): string {
  const { evaluationPeriods: periods, datapointsToAlarm } = spec;
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${were(periods, 'datapoint')} unknown.`;
  if (datapoints.length === 0) {
    const treated = spec.treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
    return `Threshold Crossed: no datapoints were received for ${counted(periods, 'period')} and ${were(periods, 'missing datapoint')} treated as [${treated}].`;
  }
  const alarms = state === 'ALARM';
  const telling = datapoints.filter(({ value }) => breaches(spec, value) === alarms);
  // Missing datapoints may have decided: then the datapoints that exist are listed whatever they say.
  const listed = telling.length > 0 ? telling : datapoints;
  const values = [...listed].reverse().map(({ at, value }) => `${decimal(value)} (${shortTime(at)})`);
  const needed = alarms ? datapointsToAlarm : periods - datapointsToAlarm + 1;
  const compared = `${alarms ? '' : 'not '}${COMPARED[spec.comparison]}`;
  return [
    `Threshold Crossed: ${listed.length} out of the last ${datapoints.length} datapoints`,
    `[${values.join(', ')}] ${listed.length === 1 ? 'was' : 'were'} ${compared} the threshold (${decimal(spec.threshold)})`,
    `(minimum ${counted(needed, 'datapoint')} for ${alarms ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`,
  ].join(' ');
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const were = (count: number, noun: string): string =>
  `${counted(count, noun)} ${count === 1 ? 'was' : 'were'}`;

function reasonData(spec: AlarmSpec, datapoints: readonly Datapoint[], now: Instant): string {
  const { query } = spec.metric;
  const first = datapoints[0];
  return JSON.stringify({
    version: '1.0',
    queryDate: isoOffset(now),
    ...(first === undefined ? {} : { startDate: isoOffset(first.at) }),
    ...(query.kind === 'stat' ? { statistic: query.stat } : {}),
    period: spec.periodSeconds,
    recentDatapoints: datapoints.map(({ value }) => value),
    threshold: spec.threshold,
    evaluatedDatapoints: [...datapoints]
      .reverse()
      .map(({ at, value }) => ({ timestamp: isoOffset(at), value })),
  });
}

/** The `detail` of the EventBridge event "CloudWatch Alarm State Change". */
export function stateChangeDetail(
  spec: AlarmSpec,
  status: AlarmStatus,
  previous: AlarmStatus,
): Readonly<Record<string, unknown>> {
  return {
    alarmName: spec.name,
    state: stateField(status),
    previousState: stateField(previous),
    configuration: { description: spec.description, metrics: metricsField(spec) },
  };
}

const stateField = ({ state, reason, reasonData: data, since }: AlarmStatus) => ({
  value: state,
  reason,
  ...(data === null ? {} : { reasonData: data }),
  timestamp: isoOffset(since),
});

function metricsField({ metric, periodSeconds }: AlarmSpec): readonly object[] {
  const { query } = metric;
  if (query.kind === 'stat') return [statField('m1', query, periodSeconds, true)];
  return [
    {
      id: 'expr',
      expression: query.expression,
      label: metric.label,
      returnData: true,
      period: periodSeconds,
    },
    ...Object.entries(query.metrics).map(([id, component]) => statField(id, component, periodSeconds, false)),
  ];
}

const statField = (id: string, metric: MetricStat, period: number, returnData: boolean) => ({
  id,
  metricStat: {
    metric: { namespace: metric.namespace, name: metric.name, dimensions: { ...metric.dimensions } },
    period,
    stat: metric.stat,
  },
  returnData,
});

/** Java's way of writing a double: never without a decimal place. */
const decimal = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));

/** `20/11/26 08:30:00`. */
function shortTime(at: Instant): string {
  const iso = isoMillis(at);
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(2, 4)} ${iso.slice(11, 19)}`;
}
