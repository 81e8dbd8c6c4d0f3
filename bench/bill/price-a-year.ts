import type { CountedDay } from './count-a-day.ts';
import type { AlarmsMonth } from './count-alarms.ts';
import { ASSUMED, PRICES } from './prices.ts';

const [DAYS, MONTHS, MINUTES] = [365, 12, 525_600];
const HOURS_A_MONTH = 730;
const SECONDS_A_DAY = 86_400;
const RETAINED_DAYS = 90;
const GIGABYTE = 1e9;

/** The parts of a bill, in dollars a year. */
export type Bill = Readonly<Record<string, number>>;

type Quantity = Exclude<keyof CountedDay, 'targets' | 'awsCalls'>;
const PER_TARGET: readonly Quantity[] = [
  'alarmEvents',
  'serviceEvents',
  'metricsRead',
  'decisions',
  'headWrites',
  'events',
  'writeUnits',
  'readUnits',
  'headBytes',
  'eventBytes',
  'logLines',
  'logBytes',
];

/** A day of `targets` targets, from a day of some of them and the day of one that sleeps: what exceeds that grows with their number. */
export function scaled(day: CountedDay, idle: CountedDay, targets: number): CountedDay {
  const factor = (targets - idle.targets) / (day.targets - idle.targets);
  const grown = PER_TARGET.map((name) => [name, idle[name] + (day[name] - idle[name]) * factor] as const);
  return { ...day, ...Object.fromEntries(grown), targets };
}

/** What a year of such days costs. */
export function priceAYear(day: CountedDay, alarms: AlarmsMonth): Bill {
  const { sweeps, alarmEvents, serviceEvents, headWrites } = day;
  const invocations = sweeps + alarmEvents + serviceEvents + headWrites;
  const minute = PRICES.queueRequest * ASSUMED.pollsAMinute * ASSUMED.queues;
  return {
    'alarms of policies': alarms.ofPolicies * MONTHS,
    'alarms on Plimsoll itself': alarms.ofPlimsoll * MONTHS,
    'metric reads': day.metricsRead * PRICES.metricRead * DAYS,
    'DynamoDB: writes, reads, storage': ledgerYear(day),
    Lambda: (invocations * PRICES.invocation + gigabyteSeconds(day) * PRICES.gigabyteSecond) * DAYS,
    'SQS: messages, empty polls':
      (alarmEvents + serviceEvents) * ASSUMED.requestsAMessage * PRICES.queueRequest * DAYS +
      minute * MINUTES,
    'own metrics': (day.metricHours / HOURS_A_MONTH) * PRICES.customMetricMonth * DAYS,
    logs: logsYear(day, invocations),
    'X-Ray traces': traced([sweeps, alarmEvents, serviceEvents, headWrites]) * PRICES.trace * DAYS,
    'Scheduler, EventBridge, SNS, KMS':
      (sweeps * PRICES.scheduledInvocation + day.events * (PRICES.busEvent + PRICES.notification)) * DAYS +
      ASSUMED.keyRequestsAMinute * PRICES.keyRequest * MINUTES,
  };
}

function ledgerYear({ writeUnits, readUnits, headBytes, eventBytes }: CountedDay): number {
  const requests = (writeUnits * PRICES.writeUnit + readUnits * PRICES.readUnit) * DAYS;
  return (
    requests + ((headBytes + eventBytes * RETAINED_DAYS) / GIGABYTE) * PRICES.storedGigabyteMonth * MONTHS
  );
}

function gigabyteSeconds({ sweeps, alarmEvents, serviceEvents, headWrites, decisions }: CountedDay): number {
  const { seconds, memory } = ASSUMED;
  return (
    (sweeps * seconds.sweep + decisions * seconds.sweepTarget) * memory.sweep +
    alarmEvents * seconds.alarm * memory.alarm +
    serviceEvents * seconds.settle * memory.settle +
    headWrites * seconds.relay * memory.relay
  );
}

/** Traces of a day, at most: as if no two of the first 86,400 requests to a function fell into one second. */
function traced(requestsADay: readonly number[]): number {
  return requestsADay.reduce((sum, requests) => {
    const first = Math.min(requests, SECONDS_A_DAY);
    return sum + first + (requests - first) * ASSUMED.tracedRest;
  }, 0);
}

function logsYear({ logBytes }: CountedDay, invocations: number): number {
  const gigabytes = ((logBytes + invocations * ASSUMED.logBytes.invocation) * DAYS) / GIGABYTE;
  return gigabytes * (PRICES.logGigabyte + PRICES.logGigabyteMonth);
}
