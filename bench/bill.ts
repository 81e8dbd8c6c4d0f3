/**
 * The yearly AWS bill of Plimsoll itself, from calls and alarms that are counted, beside that of target tracking.
 *
 *     npm run -s bench:bill [-- --json]
 *
 * Three days are replayed over ten copies of the shipped policies, through the real AWS SDK: one whose load never changes, and those of
 * both shipped traces. A year is 365 such days, which no year of `wc98` is. Everything that can be counted is; what can not
 * (how long a function runs, say) stands in `bench/bill/prices.ts` beside the list prices.
 */
import { parseArgs } from 'node:util';
import { loadPolicies } from '../shared/config/load-policies.ts';
import { SHIPPED_TRACES } from '../shared/simulation/load-trace.ts';
import { type CountedDay, countADay } from './bill/count-a-day.ts';
import { alarmsMonth } from './bill/count-alarms.ts';
import { type Bill, priceAYear, scaled } from './bill/price-a-year.ts';
import { PRICES } from './bill/prices.ts';
import { manyPolicies } from './many-policies.ts';
import { printTable } from './measure.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const COUNTED = 10;
const SIZES = [10, 1000] as const;
const STEADY = 'a steady day';

const { policies } = await loadPolicies(['policies']);
const idle = await countADay(manyPolicies(policies, 1), null);
const days = new Map<string, CountedDay>();
for (const trace of [null, ...Object.keys(SHIPPED_TRACES)]) {
  days.set(trace ?? STEADY, await countADay(manyPolicies(policies, COUNTED), trace));
}

const alarms = new Map(SIZES.map((size) => [size, alarmsMonth(manyPolicies(policies, size))]));
const bills = SIZES.flatMap((size) =>
  [...days].map(([name, day]) => {
    const month = alarms.get(size) ?? { ofPolicies: Number.NaN, ofPlimsoll: Number.NaN };
    return { size, name, bill: priceAYear(scaled(day, idle, size), month) };
  }),
);
const totalOf = (bill: Bill): number => Object.values(bill).reduce((sum, dollars) => sum + dollars, 0);
/** Two alarms for each policy, and nothing else: Application Auto Scaling itself is free. */
const targetTracking = (targets: number): number => targets * 2 * PRICES.standardAlarmMonth * 12;

if (values.json) {
  console.log(JSON.stringify({ idle, days: Object.fromEntries(days), bills }));
} else {
  printDays();
  console.log('\nDollars a year, list prices of us-east-1 without any free tier:\n');
  printBills();
}

function printDays(): void {
  const quantities: readonly (readonly [string, (day: CountedDay) => number])[] = [
    ['ticks of the sweep', ({ sweeps }) => sweeps],
    ['changes of alarms', ({ alarmEvents }) => alarmEvents],
    ['events of ECS', ({ serviceEvents }) => serviceEvents],
    ['decisions', ({ decisions }) => decisions],
    [
      'decisions in 100 ticks of a target',
      ({ decisions, targets, sweeps }) => (100 * decisions) / (targets * sweeps),
    ],
    ['metrics read', ({ metricsRead }) => metricsRead],
    ['scaling events', ({ events }) => events],
    [
      'calls of the AWS API',
      ({ awsCalls }) => Object.values(awsCalls).reduce((sum, calls) => sum + calls, 0),
    ],
    ['writes of heads', ({ headWrites }) => headWrites],
    ['DynamoDB write units', ({ writeUnits }) => writeUnits],
    ['DynamoDB read units', ({ readUnits }) => readUnits],
    ['kB of logs', ({ logBytes }) => logBytes / 1000],
    ['hours of own metrics', ({ metricHours }) => metricHours],
  ];
  printTable(
    [`a day of ${COUNTED} targets`, ...days.keys()],
    quantities.map(([name, of]) => [name, ...[...days.values()].map((day) => Math.round(of(day)))]),
  );
}

function printBills(): void {
  const parts = Object.keys(bills[0]?.bill ?? {});
  const row = (name: string, of: (bill: Bill, size: number) => number) => [
    name,
    ...bills.map(({ bill, size }) => of(bill, size).toFixed(2)),
  ];
  printTable(
    ['', ...bills.map(({ size, name }) => `${size} targets, ${name}`)],
    [
      ...parts.map((part) => row(part, (bill) => bill[part] ?? Number.NaN)),
      row('**Plimsoll**', totalOf),
      row('target tracking: two alarms a policy', (_, size) => targetTracking(size)),
      row(
        'Plimsoll over it, a target and month',
        (bill, size) => (totalOf(bill) - targetTracking(size)) / size / 12,
      ),
    ],
  );
}
