import { describe, expect, it } from 'vitest';
import { aDocument, problemsOf } from '../support/a-document.ts';

/** What is wrong, the fields of the document that say it, and exactly what is said of them. */
const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  [
    'no strategy',
    { strategies: '[]' },
    [
      'p.yaml:7:15 spec.strategies: has 0 entries (give at least 1, or a schedule that has a window with a desired size)',
    ],
  ],
  [
    'no strategy, and a schedule without a size',
    {
      strategies: '[]',
      schedule: '{ windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *", min: 3 } ] }',
    },
    [
      'p.yaml:7:15 spec.strategies: has 0 entries (give at least 1, or a schedule that has a window with a desired size)',
    ],
  ],
  [
    'a schedule without windows',
    { schedule: '{ windows: [] }' },
    ['p.yaml:8:24 spec.schedule.windows: has 0 entries (give at least 1)'],
  ],
  [
    'an unknown zone',
    {
      schedule:
        '{ timeZone: Europe/Berlim, windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *", min: 3 } ] }',
    },
    [
      'p.yaml:8:25 spec.schedule.timeZone: "Europe/Berlim" is no IANA time zone (did you mean "Europe/Berlin"?)',
    ],
  ],
  [
    'an offset for a zone',
    {
      schedule:
        '{ windows: [ { name: day, timeZone: "+02:00", start: "0 8 * * *", end: "0 18 * * *", min: 3 } ] }',
    },
    [
      'p.yaml:8:49 spec.schedule.windows[0].timeZone: "+02:00" is no IANA time zone (write a name such as Europe/Berlin, or UTC)',
    ],
  ],
  [
    'a zone that resembles nothing',
    {
      schedule:
        '{ windows: [ { name: day, timeZone: Moonbase/Alpha-Seven, start: "0 8 * * *", end: "0 18 * * *", min: 3 } ] }',
    },
    [
      'p.yaml:8:49 spec.schedule.windows[0].timeZone: "Moonbase/Alpha-Seven" is no IANA time zone (write a name such as Europe/Berlin, or UTC)',
    ],
  ],
  [
    'a cron expression that is none',
    { schedule: '{ windows: [ { name: day, start: "every day", end: "0 18 * * *", min: 3 } ] }' },
    [
      'p.yaml:8:46 spec.schedule.windows[0].start: "every day" has 2 fields (write five: minute, hour, day of month, month, day of week)',
    ],
  ],
  [
    'a start without an end',
    { schedule: '{ windows: [ { name: day, start: "0 8 * * *", min: 3 } ] }' },
    ['p.yaml:8:26 spec.schedule.windows[0].end: is missing (give a cron expression of five fields)'],
  ],
  [
    'a window without times',
    { schedule: '{ windows: [ { name: day, min: 3 } ] }' },
    ['p.yaml:8:24 spec.schedule.windows[0]: has no times (give start and end, or from and to)'],
  ],
  [
    'a window with both kinds of times',
    {
      schedule:
        '{ windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *", from: 2026-11-27T08:00, to: 2026-11-27T09:00, min: 3 } ] }',
    },
    ['p.yaml:8:78 spec.schedule.windows[0].from: stands beside start and end (keep one pair of the two)'],
  ],
  [
    'a window that is never closed',
    { schedule: '{ windows: [ { name: day, start: "0 8 * * *", end: "0  8 * * *", min: 3 } ] }' },
    [
      'p.yaml:8:64 spec.schedule.windows[0].end: the window ends when it starts, and so it would never be closed (choose another end)',
    ],
  ],
  [
    'a window that ends before it starts',
    { schedule: '{ windows: [ { name: sale, from: 2026-11-27T08:00, to: 2026-11-26T08:00, min: 3 } ] }' },
    [
      'p.yaml:8:68 spec.schedule.windows[0].to: "2026-11-26T08:00" is not after from "2026-11-27T08:00" (correct one of the two)',
    ],
  ],
  [
    'a time that is none',
    { schedule: '{ windows: [ { name: sale, from: friday, to: 2026-11-26T08:00, min: 3 } ] }' },
    ['p.yaml:8:46 spec.schedule.windows[0].from: "friday" is not a local time (write 2026-11-27T08:00)'],
  ],
  [
    'a beginning without an end',
    { schedule: '{ windows: [ { name: sale, from: 2026-11-27T08:00, min: 3 } ] }' },
    ['p.yaml:8:26 spec.schedule.windows[0].to: is missing (give a local time)'],
  ],
  [
    'a window that says nothing',
    { schedule: '{ windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *" } ] }' },
    ['p.yaml:8:24 spec.schedule.windows[0]: says nothing (give min, max, desired, freeze or maintenance)'],
  ],
  [
    'a window that freezes nothing',
    { schedule: '{ windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *", freeze: none } ] }' },
    ['p.yaml:8:24 spec.schedule.windows[0]: says nothing (give min, max, desired, freeze or maintenance)'],
  ],
  [
    'two windows of one name',
    {
      schedule:
        '{ windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *", min: 3 }, { name: day, start: "0 8 * * *", end: "0 18 * * *", max: 9 } ] }',
    },
    ['p.yaml:8:96 spec.schedule.windows[1].name: the name "day" is taken by entry [0] (choose another one)'],
  ],
  [
    'the name of a window that is none',
    { schedule: '{ windows: [ { name: Day 1, start: "0 8 * * *", end: "0 18 * * *", min: 3 } ] }' },
    [
      'p.yaml:8:34 spec.schedule.windows[0].name: "Day 1" is not the name of a window (up to 63 lower-case letters, digits and "-"; begin and end with a letter or digit)',
    ],
  ],
  [
    'a window outside the bounds',
    {
      schedule:
        '{ windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *", min: 1, max: 30, desired: 25 } ] }',
    },
    [
      'p.yaml:8:83 spec.schedule.windows[0].min: 1 is outside the bounds 2..20 (choose a size inside them)',
      'p.yaml:8:91 spec.schedule.windows[0].max: 30 is outside the bounds 2..20 (choose a size inside them)',
      'p.yaml:8:104 spec.schedule.windows[0].desired: 25 is outside the bounds 2..20 (choose a size inside them)',
    ],
  ],
  [
    'a window with min above max',
    { schedule: '{ windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *", min: 9, max: 3 } ] }' },
    ['p.yaml:8:83 spec.schedule.windows[0].min: 9 is more than max 3 (lower min or raise max)'],
  ],
  [
    'a size outside its own window',
    {
      schedule:
        '{ windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *", min: 4, max: 9, desired: 3 } ] }',
    },
    [
      'p.yaml:8:103 spec.schedule.windows[0].desired: 3 is outside 4..9 of its own window (choose a size inside)',
    ],
  ],
  [
    'a holiday that is no date',
    {
      schedule:
        '{ holidays: [ 2026-02-30, 2026-12-25 ], windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *", min: 3, onHolidays: skip } ] }',
    },
    ['p.yaml:8:27 spec.schedule.holidays[0]: "2026-02-30" is not a date (write YYYY-MM-DD)'],
  ],
  [
    'holidays of a window without a list',
    {
      schedule:
        '{ windows: [ { name: day, start: "0 8 * * *", end: "0 18 * * *", min: 3, onHolidays: only } ] }',
    },
    [
      'p.yaml:8:86 spec.schedule.windows[0].onHolidays: the schedule lists no holidays (add holidays, or remove it)',
    ],
  ],
  [
    'holidays of a window that opens once',
    {
      schedule:
        '{ holidays: [ 2026-12-25 ], windows: [ { name: sale, from: 2026-11-27T08:00, to: 2026-11-28T08:00, min: 3, onHolidays: skip } ] }',
    },
    [
      'p.yaml:8:120 spec.schedule.windows[0].onHolidays: means nothing to a window with from and to (remove it)',
    ],
  ],
  [
    'a fallback without a size',
    { missingData: '{ fallback: { mode: higher } }' },
    [
      'p.yaml:8:28 spec.missingData.fallback.size: is missing (give a size inside the bounds, or write mode: current)',
    ],
  ],
  [
    'a size for a fallback that stays',
    { missingData: '{ fallback: { mode: current, size: 4 } }' },
    ['p.yaml:8:45 spec.missingData.fallback.size: means nothing to mode current (remove it)'],
  ],
  [
    'a fallback outside the bounds',
    { missingData: '{ fallback: { mode: lower, size: 1 } }' },
    ['p.yaml:8:49 spec.missingData.fallback.size: 1 is outside the bounds 2..20 (choose a size inside them)'],
  ],
  [
    'a fallback of an unknown mode',
    { missingData: '{ fallback: { mode: highest, size: 4 } }' },
    ['p.yaml:8:36 spec.missingData.fallback.mode: "highest" is not known here (did you mean "higher"?)'],
  ],
  [
    'a core size outside the bounds',
    { coreSize: '30' },
    ['p.yaml:8:13 spec.coreSize: 30 is outside the bounds 2..20 (choose a size inside them)'],
  ],
  [
    'an incident guard without a limit for its errors',
    {
      incident:
        '{ load: { preset: request-rate, loadBalancer: app/a/0 }, errors: { id: failed, namespace: N, name: FAILED } }',
    },
    ['p.yaml:8:13 spec.incident.errorsAbove: is missing (give the value of errors that is not normal)'],
  ],
  [
    'an incident guard whose longest hold is shorter than one',
    {
      incident:
        '{ load: { preset: request-rate, loadBalancer: app/a/0 }, errors: { preset: error-rate, loadBalancer: app/a/0 }, holdSeconds: 7200 }',
    },
    [
      'p.yaml:8:138 spec.incident.holdSeconds: the longest hold of 3600 s is shorter than one hold of 7200 s (raise longestHoldSeconds or lower holdSeconds)',
    ],
  ],
  [
    'a fall by everything',
    {
      incident:
        '{ load: { preset: request-rate, loadBalancer: app/a/0 }, errors: { preset: error-rate, loadBalancer: app/a/0 }, dropPercent: 100 }',
    },
    ['p.yaml:8:138 spec.incident.dropPercent: 100 is too large (give less than 100)'],
  ],
  [
    'an incident guard with the id of another metric',
    {
      incident:
        '{ load: { id: cpu, namespace: N, name: M }, errors: { preset: error-rate, loadBalancer: app/a/0 } }',
    },
    [
      'p.yaml:8:27 spec.incident.load.id: the metric id "cpu" is taken by entry [0] (give each metric an id of its own)',
    ],
  ],
  [
    'memory in bytes by mistake',
    { unit: '{ cpu: 1, memory: 2048 }' },
    ['p.yaml:8:27 spec.unit.memory: 2048 means 2048 bytes (write the unit, for example 2048Mi)'],
  ],
  [
    'CPU units of ECS for vCPU',
    { unit: '{ cpu: 1024, memory: 2Gi }' },
    ['p.yaml:8:16 spec.unit.cpu: 1024 vCPU is more than a task can have (1024 CPU units of ECS are 1)'],
  ],
  [
    'a unit that is no quantity',
    { unit: '{ cpu: one, memory: -2Gi }' },
    [
      'p.yaml:8:16 spec.unit.cpu: "one" is not a quantity above 0 (write 2, 0.5 or "500m")',
      'p.yaml:8:29 spec.unit.memory: "-2Gi" is not a quantity above 0 (write 2Gi or 512Mi)',
    ],
  ],
  [
    'a share of holds above all',
    { receipts: '{ holds: 5 }' },
    ['p.yaml:8:22 spec.receipts.holds: 5 is too large (give at most 1)'],
  ],
  [
    'a minimum of 0 with thresholds on a mean alone',
    {
      bounds: '{ min: 0, max: 9 }',
      strategies: '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, change: 1 } } ]',
    },
    [
      'p.yaml:6:18 spec.bounds.min: 0 tasks have no mean that could ask for the first one (set min to 1, or add a strategy of scope total)',
    ],
  ],
];

describe('a bad schedule, fallback, incident guard or unit', () => {
  it.each(cases)('%s is refused with its place and its fix', (_, spec, expected) => {
    expect(problemsOf(aDocument(spec))).toEqual(expected);
  });
});
