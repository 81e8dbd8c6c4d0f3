import { describe, expect, it } from 'vitest';
import { aDocument, problemsOf } from '../support/a-document.ts';

/** What is wrong, the fields of the document that say it, and exactly what is said of them. */
const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  [
    'a strategy of an unknown type',
    { strategies: '[ { type: treshold, metric: { preset: cpu } } ]' },
    ['p.yaml:7:25 spec.strategies[0].type: "treshold" is not known here (did you mean "threshold"?)'],
  ],
  [
    'a target above 100 % of what there is',
    { strategies: '[ { type: target-tracking, target: 130, metric: { preset: cpu } } ]' },
    [
      'p.yaml:7:50 spec.strategies[0].target: "cpu" never passes 100 % of what the tasks reserve (give at most 100)',
    ],
  ],
  [
    'a negative target',
    { strategies: '[ { type: target-tracking, target: -5, metric: { preset: cpu } } ]' },
    ['p.yaml:7:50 spec.strategies[0].target: -5 is too small (give more than 0)'],
  ],
  [
    'a target for what does not follow the size',
    {
      strategies:
        '[ { type: target-tracking, target: 2, metric: { preset: latency, loadBalancer: app/a/0 } } ]',
    },
    [
      'p.yaml:7:71 spec.strategies[0].metric.preset: latency does not follow the size in a known way, so no target can hold it (use type: threshold or step)',
    ],
  ],
  [
    'an activation of a mean',
    { strategies: '[ { type: target-tracking, target: 70, activation: 5, metric: { preset: cpu } } ]' },
    ['p.yaml:7:54 spec.strategies[0].activation: is for a total: a mean says nothing at no task (remove it)'],
  ],
  [
    'a sum as a mean',
    {
      strategies:
        '[ { type: target-tracking, target: 70, scope: average, metric: { preset: queue-length, queueName: a } } ]',
    },
    [
      'p.yaml:7:61 spec.strategies[0].scope: the preset queue-length is a sum that the size does not change (remove scope, or write total)',
    ],
  ],
  [
    'a queue without its name, and an address for it',
    { strategies: '[ { type: target-tracking, target: 70, metric: { preset: queue-length } } ]' },
    ['p.yaml:7:62 spec.strategies[0].metric.queueName: is missing (give the name of the queue)'],
  ],
  [
    'the address of a queue for its name',
    {
      strategies:
        '[ { type: target-tracking, target: 70, metric: { preset: queue-length, queueName: "https://sqs/1/a" } } ]',
    },
    [
      'p.yaml:7:97 spec.strategies[0].metric.queueName: "https://sqs/1/a" is not the name of an SQS queue (up to 80 letters, digits, "_" and "-"; the name, not the URL or ARN)',
    ],
  ],
  [
    'a statistic of a preset that has its own',
    { strategies: '[ { type: target-tracking, target: 70, metric: { preset: cpu, stat: p95 } } ]' },
    ['p.yaml:7:77 spec.strategies[0].metric.stat: means nothing to the preset cpu (remove it)'],
  ],
  [
    'metric math that divides by zero',
    {
      strategies:
        '[ { type: target-tracking, target: 70, metric: { id: e, expression: "m1 / 0.0", metrics: { m1: { namespace: N, name: A } } } } ]',
    },
    ['p.yaml:7:83 spec.strategies[0].metric.expression: "/ 0.0" divides by zero (divide by something else)'],
  ],
  [
    'steps without a rule',
    {
      strategies: '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, alarms: {} } ]',
    },
    ['p.yaml:7:15 spec.strategies[0]: has neither scaleOut nor scaleIn (give at least one)'],
  ],
  [
    'steps without a step',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [  ] } } ]',
    },
    ['p.yaml:7:124 spec.strategies[0].scaleOut.steps: has 0 entries (give at least 1)'],
  ],
  [
    'steps that overlap',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 0, metricIntervalUpperBound: 20, scalingAdjustment: 1 }, { metricIntervalLowerBound: 10, scalingAdjustment: 2 } ] } } ]',
    },
    [
      'p.yaml:7:239 spec.strategies[0].scaleOut.steps[1].metricIntervalLowerBound: the step overlaps with entry [0] (begin at 20)',
    ],
  ],
  [
    'steps after one without an end',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 0, scalingAdjustment: 1 }, { metricIntervalLowerBound: 10, scalingAdjustment: 2 } ] } } ]',
    },
    [
      'p.yaml:7:209 spec.strategies[0].scaleOut.steps[1].metricIntervalLowerBound: the step overlaps with entry [0] (give that one an end)',
    ],
  ],
  [
    'steps with a gap',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 }, { metricIntervalLowerBound: 20, scalingAdjustment: 2 } ] } } ]',
    },
    [
      'p.yaml:7:239 spec.strategies[0].scaleOut.steps[1].metricIntervalLowerBound: no step covers the values from 10 to 20 above the threshold (begin at 10)',
    ],
  ],
  [
    'steps that begin away from the threshold',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 10, scalingAdjustment: 1 } ] } } ]',
    },
    [
      'p.yaml:7:154 spec.strategies[0].scaleOut.steps[0].metricIntervalLowerBound: no step covers the values from 0 to 10 above the threshold (begin a step at 0)',
    ],
  ],
  [
    'steps that end',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 }, { metricIntervalLowerBound: 10, metricIntervalUpperBound: 20, scalingAdjustment: 2 } ] } } ]',
    },
    [
      'p.yaml:7:269 spec.strategies[0].scaleOut.steps[1].metricIntervalUpperBound: no step covers the values more than 20 above the threshold (leave metricIntervalUpperBound out of this step)',
    ],
  ],
  [
    'two steps without a beginning',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalUpperBound: 10, scalingAdjustment: 1 }, { metricIntervalUpperBound: 20, scalingAdjustment: 2 }, { metricIntervalLowerBound: 20, scalingAdjustment: 3 } ] } } ]',
    },
    [
      'p.yaml:7:182 spec.strategies[0].scaleOut.steps[1]: has no metricIntervalLowerBound, like entry [0] (only one step may have none)',
    ],
  ],
  [
    'a step without bounds',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { scalingAdjustment: 1 } ] } } ]',
    },
    [
      'p.yaml:7:126 spec.strategies[0].scaleOut.steps[0]: has no bound (give metricIntervalLowerBound: 0 for every value above the threshold)',
    ],
  ],
  [
    'a step that ends before it begins',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 10, metricIntervalUpperBound: 5, scalingAdjustment: 1 }, { metricIntervalLowerBound: 10, scalingAdjustment: 1 } ] } } ]',
    },
    [
      'p.yaml:7:154 spec.strategies[0].scaleOut.steps[0].metricIntervalLowerBound: 10 is not below metricIntervalUpperBound 5 (lower it, or raise the other)',
    ],
  ],
  [
    'a step on the other side of the threshold',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: -10, metricIntervalUpperBound: 0, scalingAdjustment: 1 }, { metricIntervalLowerBound: 0, scalingAdjustment: 1 } ] } } ]',
    },
    [
      'p.yaml:7:154 spec.strategies[0].scaleOut.steps[0].metricIntervalLowerBound: the step lies on the other side of the threshold, where it never applies (bounds are differences from it: all above it)',
    ],
  ],
  [
    'steps for scale-in that lie above the threshold',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleIn: { threshold: 30, steps: [ { metricIntervalLowerBound: 0, scalingAdjustment: -1 } ] } } ]',
    },
    [
      'p.yaml:7:153 spec.strategies[0].scaleIn.steps[0].metricIntervalLowerBound: the step lies on the other side of the threshold, where it never applies (bounds are differences from it: all below it)',
    ],
  ],
  [
    'steps for scale-in with a gap',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleIn: { threshold: 30, steps: [ { metricIntervalLowerBound: -10, metricIntervalUpperBound: 0, scalingAdjustment: -1 }, { metricIntervalUpperBound: -20, scalingAdjustment: -2 } ] } } ]',
    },
    [
      'p.yaml:7:240 spec.strategies[0].scaleIn.steps[1].metricIntervalUpperBound: no step covers the values from 10 to 20 below the threshold (begin at -10)',
    ],
  ],
  [
    'steps for scale-in that overlap',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleIn: { threshold: 30, steps: [ { metricIntervalLowerBound: -10, metricIntervalUpperBound: 0, scalingAdjustment: -1 }, { metricIntervalUpperBound: -5, scalingAdjustment: -2 } ] } } ]',
    },
    [
      'p.yaml:7:240 spec.strategies[0].scaleIn.steps[1].metricIntervalUpperBound: the step overlaps with entry [0] (begin at -10)',
    ],
  ],
  [
    'steps for scale-in that end',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleIn: { threshold: 30, steps: [ { metricIntervalLowerBound: -10, metricIntervalUpperBound: 0, scalingAdjustment: -1 } ] } } ]',
    },
    [
      'p.yaml:7:153 spec.strategies[0].scaleIn.steps[0].metricIntervalLowerBound: no step covers the values more than 10 below the threshold (leave metricIntervalLowerBound out of this step)',
    ],
  ],
  [
    'a step of scale-out that takes away',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 0, scalingAdjustment: -1 } ] } } ]',
    },
    [
      'p.yaml:7:176 spec.strategies[0].scaleOut.steps[0].scalingAdjustment: -1 scales in (give 0 or more in scaleOut)',
    ],
  ],
  [
    'a step of scale-in that adds',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleIn: { threshold: 30, steps: [ { metricIntervalUpperBound: 0, scalingAdjustment: 1 } ] } } ]',
    },
    [
      'p.yaml:7:175 spec.strategies[0].scaleIn.steps[0].scalingAdjustment: 1 scales out (give 0 or less in scaleIn)',
    ],
  ],
  [
    'a step of scale-in over 100 %',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: PercentChangeInCapacity, scaleIn: { threshold: 30, steps: [ { metricIntervalUpperBound: 0, scalingAdjustment: -150 } ] } } ]',
    },
    [
      'p.yaml:7:182 spec.strategies[0].scaleIn.steps[0].scalingAdjustment: -150 % is more than there is (give -100 or more)',
    ],
  ],
  [
    'steps that change nothing',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 0, scalingAdjustment: 0 } ] } } ]',
    },
    ['p.yaml:7:124 spec.strategies[0].scaleOut.steps: no step changes the size (give one that is not 0)'],
  ],
  [
    'an exact size outside the bounds',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ExactCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 0, scalingAdjustment: 40 } ] } } ]',
    },
    [
      'p.yaml:7:173 spec.strategies[0].scaleOut.steps[0].scalingAdjustment: 40 is outside the bounds 2..20 (choose a size inside them)',
    ],
  ],
  [
    'more than 20 steps',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 0, metricIntervalUpperBound: 1, scalingAdjustment: 1 }, { metricIntervalLowerBound: 1, metricIntervalUpperBound: 2, scalingAdjustment: 1 }, { metricIntervalLowerBound: 2, metricIntervalUpperBound: 3, scalingAdjustment: 1 }, { metricIntervalLowerBound: 3, metricIntervalUpperBound: 4, scalingAdjustment: 1 }, { metricIntervalLowerBound: 4, metricIntervalUpperBound: 5, scalingAdjustment: 1 }, { metricIntervalLowerBound: 5, metricIntervalUpperBound: 6, scalingAdjustment: 1 }, { metricIntervalLowerBound: 6, metricIntervalUpperBound: 7, scalingAdjustment: 1 }, { metricIntervalLowerBound: 7, metricIntervalUpperBound: 8, scalingAdjustment: 1 }, { metricIntervalLowerBound: 8, metricIntervalUpperBound: 9, scalingAdjustment: 1 }, { metricIntervalLowerBound: 9, metricIntervalUpperBound: 10, scalingAdjustment: 1 }, { metricIntervalLowerBound: 10, metricIntervalUpperBound: 11, scalingAdjustment: 1 }, { metricIntervalLowerBound: 11, metricIntervalUpperBound: 12, scalingAdjustment: 1 }, { metricIntervalLowerBound: 12, metricIntervalUpperBound: 13, scalingAdjustment: 1 }, { metricIntervalLowerBound: 13, metricIntervalUpperBound: 14, scalingAdjustment: 1 }, { metricIntervalLowerBound: 14, metricIntervalUpperBound: 15, scalingAdjustment: 1 }, { metricIntervalLowerBound: 15, metricIntervalUpperBound: 16, scalingAdjustment: 1 }, { metricIntervalLowerBound: 16, metricIntervalUpperBound: 17, scalingAdjustment: 1 }, { metricIntervalLowerBound: 17, metricIntervalUpperBound: 18, scalingAdjustment: 1 }, { metricIntervalLowerBound: 18, metricIntervalUpperBound: 19, scalingAdjustment: 1 }, { metricIntervalLowerBound: 19, metricIntervalUpperBound: 20, scalingAdjustment: 1 }, { metricIntervalLowerBound: 20, scalingAdjustment: 1 } ] } } ]',
    },
    ['p.yaml:7:124 spec.strategies[0].scaleOut.steps: has 21 entries (give at most 20)'],
  ],
  [
    'a least magnitude of units',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, minAdjustmentMagnitude: 2, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 0, scalingAdjustment: 1 } ] } } ]',
    },
    [
      'p.yaml:7:90 spec.strategies[0].minAdjustmentMagnitude: means nothing to ChangeInCapacity (remove it, or use PercentChangeInCapacity)',
    ],
  ],
  [
    'a fraction of a step',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 0, scalingAdjustment: 1.5 } ] } } ]',
    },
    [
      'p.yaml:7:176 spec.strategies[0].scaleOut.steps[0].scalingAdjustment: 1.5 is a number with a fraction, not a whole number (write 1 or 2)',
    ],
  ],
  [
    'a step threshold that cpu never passes',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 100, steps: [ { metricIntervalLowerBound: 0, scalingAdjustment: 1 } ] } } ]',
    },
    [
      'p.yaml:7:113 spec.strategies[0].scaleOut.threshold: "cpu" never passes 100 % of what the tasks reserve (give less than 100)',
    ],
  ],
  [
    'a step threshold for scale-in at the one for scale-out',
    {
      strategies:
        '[ { type: step, metric: { preset: cpu }, adjustmentType: ChangeInCapacity, scaleOut: { threshold: 50, steps: [ { metricIntervalLowerBound: 0, scalingAdjustment: 1 } ] }, scaleIn: { threshold: 50, steps: [ { metricIntervalUpperBound: 0, scalingAdjustment: -1 } ] } } ]',
    },
    [
      'p.yaml:7:207 spec.strategies[0].scaleIn.threshold: 50 is not below scaleOut.threshold 50, so the size would swing (lower it)',
    ],
  ],
  [
    'a threshold without a rule',
    { strategies: '[ { type: threshold, metric: { preset: cpu }, scope: average } ]' },
    ['p.yaml:7:15 spec.strategies[0]: has neither scaleOut nor scaleIn (give at least one)'],
  ],
  [
    'a threshold for scale-in above the one for scale-out',
    {
      strategies:
        '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 50, change: 1 }, scaleIn: { below: 60, change: -1 } } ]',
    },
    [
      'p.yaml:7:115 spec.strategies[0].scaleIn.below: 60 is not below scaleOut.above 50, so the size would swing (lower it)',
    ],
  ],
  [
    'a threshold that cpu never passes',
    { strategies: '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 100, change: 1 } } ]' },
    [
      'p.yaml:7:80 spec.strategies[0].scaleOut.above: "cpu" never passes 100 % of what the tasks reserve (give less than 100)',
    ],
  ],
  [
    'a share where a threshold in percent is meant',
    { strategies: '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 0.7, change: 1 } } ]' },
    ['p.yaml:7:80 spec.strategies[0].scaleOut.above: 0.7 means 0.7 % (write 70 for that share)'],
  ],
  [
    'a threshold below which nothing is',
    { strategies: '[ { type: threshold, metric: { preset: cpu }, scaleIn: { below: 0, change: -1 } } ]' },
    ['p.yaml:7:79 spec.strategies[0].scaleIn.below: 0 is too small (give more than 0)'],
  ],
  [
    'a change of nothing',
    { strategies: '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, change: 0 } } ]' },
    ['p.yaml:7:92 spec.strategies[0].scaleOut.change: 0 changes nothing (write +2, "+50%" or { exact: 8 })'],
  ],
  [
    'a change in the wrong direction',
    {
      strategies:
        '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, change: -1 }, scaleIn: { below: 30, change: 1 } } ]',
    },
    [
      'p.yaml:7:92 spec.strategies[0].scaleOut.change: -1 scales in, but this is scaleOut (write +2, "+50%" or { exact: 8 })',
      'p.yaml:7:128 spec.strategies[0].scaleIn.change: 1 scales out, but this is scaleIn (write -1, "-10%" or { exact: 2 })',
    ],
  ],
  [
    'a change that is no change',
    {
      strategies: '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, change: double } } ]',
    },
    [
      'p.yaml:7:92 spec.strategies[0].scaleOut.change: "double" is no change of size (write +2, "+50%" or { exact: 8 })',
    ],
  ],
  [
    'a change of half a task',
    {
      strategies: '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, change: "+1.5" } } ]',
    },
    [
      'p.yaml:7:92 spec.strategies[0].scaleOut.change: "+1.5" is no whole number of tasks (write +2, "+50%" or { exact: 8 })',
    ],
  ],
  [
    'a change of more than there is',
    {
      strategies: '[ { type: threshold, metric: { preset: cpu }, scaleIn: { below: 30, change: "-120%" } } ]',
    },
    [
      'p.yaml:7:91 spec.strategies[0].scaleIn.change: "-120%" is more than there is (write -1, "-10%" or { exact: 2 })',
    ],
  ],
  [
    'an exact change outside the bounds',
    {
      strategies:
        '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, change: { exact: 30 } } } ]',
    },
    [
      'p.yaml:7:101 spec.strategies[0].scaleOut.change.exact: 30 is outside the bounds 2..20 (choose a size inside them)',
    ],
  ],
  [
    'a change with a key that does not exist',
    {
      strategies:
        '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, change: { exactly: 3 } } } ]',
    },
    [
      'p.yaml:7:92 spec.strategies[0].scaleOut.change.exact: is missing (give a number)',
      'p.yaml:7:94 spec.strategies[0].scaleOut.change.exactly: unknown key (did you mean "exact"?)',
    ],
  ],
  [
    'a rule without a change',
    { strategies: '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70 } } ]' },
    ['p.yaml:7:71 spec.strategies[0].scaleOut.change: is missing (give a number)'],
  ],
  [
    'a duration that is none',
    {
      strategies:
        '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, for: 10 minutes, change: 1 } } ]',
    },
    [
      'p.yaml:7:89 spec.strategies[0].scaleOut.for: "10 minutes" is not a duration (a whole number and s, m, h or d, such as 90s, 10m or 2h)',
    ],
  ],
  [
    'a duration twice',
    {
      strategies:
        '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, for: 10m, forSeconds: 600, change: 1 } } ]',
    },
    ['p.yaml:7:94 spec.strategies[0].scaleOut.forSeconds: stands beside for (keep one of the two)'],
  ],
  [
    'a duration of more than a day',
    {
      strategies:
        '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, for: 2d, change: 1 } } ]',
    },
    ['p.yaml:7:89 spec.strategies[0].scaleOut.for: 172800 s is more than a day (at most 1d)'],
  ],
  [
    'an alarm for a rule that is not there',
    {
      strategies:
        '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 70, change: 1 }, alarms: { in: { datapoints: 2 } } } ]',
    },
    ['p.yaml:7:107 spec.strategies[0].alarms.in: there is no scaleIn to ask for (remove it, or add scaleIn)'],
  ],
  [
    'a threshold preset with another scope',
    {
      strategies:
        '[ { type: threshold, metric: { preset: latency, loadBalancer: app/a/0 }, scope: average, scaleOut: { above: 2, change: 1 } } ]',
    },
    [
      'p.yaml:7:95 spec.strategies[0].scope: the preset latency is not known to follow the size (remove scope, or write independent)',
    ],
  ],
  [
    'a queue without a rule for scale-in',
    {
      strategies:
        '[ { type: queue, queueLength: { preset: queue-length, queueName: jobs }, backlogPerWorker: 100 } ]',
    },
    ['p.yaml:7:17 spec.strategies[0].scaleIn: is missing (give a mapping)'],
  ],
  [
    'a backlog of nothing',
    {
      strategies:
        '[ { type: queue, queueLength: { preset: queue-length, queueName: jobs }, backlogPerWorker: 0, scaleIn: { queueLength: 10 } } ]',
    },
    ['p.yaml:7:106 spec.strategies[0].backlogPerWorker: 0 is too small (give more than 0)'],
  ],
  [
    'a backlog without an execution time',
    {
      strategies:
        '[ { type: queue, queueLength: { preset: queue-length, queueName: jobs }, backlogPerWorker: { targetLatencySeconds: 60 }, scaleIn: { queueLength: 10 } } ]',
    },
    [
      'p.yaml:7:106 spec.strategies[0].backlogPerWorker.executionSeconds: is missing (give executionSeconds, or a metric as executionTime)',
    ],
  ],
  [
    'a backlog with two execution times',
    {
      strategies:
        '[ { type: queue, queueLength: { preset: queue-length, queueName: jobs }, backlogPerWorker: { targetLatencySeconds: 60, executionSeconds: 3, executionTime: { id: t, namespace: N, name: T } }, scaleIn: { queueLength: 10 } } ]',
    },
    [
      'p.yaml:7:155 spec.strategies[0].backlogPerWorker.executionTime: stands beside executionSeconds (keep one of the two)',
    ],
  ],
  [
    'a latency below one execution',
    {
      strategies:
        '[ { type: queue, queueLength: { preset: queue-length, queueName: jobs }, backlogPerWorker: { targetLatencySeconds: 10, executionSeconds: 30 }, scaleIn: { queueLength: 10 } } ]',
    },
    [
      'p.yaml:7:130 spec.strategies[0].backlogPerWorker.targetLatencySeconds: 10 s is less than one execution of 30 s, which no number of workers can hold (raise it)',
    ],
  ],
  [
    'a memory rule the wrong way round',
    {
      strategies:
        '[ { type: queue, queueLength: { preset: queue-length, queueName: jobs }, backlogPerWorker: 100, memory: { metric: { preset: memory }, above: 40, below: 80 }, scaleIn: { queueLength: 10 } } ]',
    },
    ['p.yaml:7:167 spec.strategies[0].memory.below: 80 is not below above 40 (lower it)'],
  ],
  [
    'a memory rule in shares',
    {
      strategies:
        '[ { type: queue, queueLength: { preset: queue-length, queueName: jobs }, backlogPerWorker: 100, memory: { metric: { preset: memory }, above: 0.8, below: 0.4 }, scaleIn: { queueLength: 10 } } ]',
    },
    [
      'p.yaml:7:156 spec.strategies[0].memory.above: 0.8 means 0.8 % (write 80 for that share)',
      'p.yaml:7:168 spec.strategies[0].memory.below: 0.4 means 0.4 % (write 40 for that share)',
    ],
  ],
  [
    'an alarm for scale-in on a queue',
    {
      strategies:
        '[ { type: queue, queueLength: { preset: queue-length, queueName: jobs }, backlogPerWorker: 100, scaleIn: { queueLength: 10 }, alarms: { in: { datapoints: 2 } } } ]',
    },
    [
      'p.yaml:7:151 spec.strategies[0].alarms.in: a queue has no alarm for scale-in; the sweep watches it (remove in)',
    ],
  ],
  [
    'an idle time twice',
    {
      strategies:
        '[ { type: queue, queueLength: { preset: queue-length, queueName: jobs }, backlogPerWorker: 100, scaleIn: { queueLength: 10, idle: 5m, idleSeconds: 300 } } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].scaleIn.idleSeconds: stands beside idle (keep one of the two)'],
  ],
  [
    'no length of a queue',
    {
      strategies:
        '[ { type: queue, queueLength: { preset: cpu }, backlogPerWorker: 100, scaleIn: { queueLength: 10 } } ]',
    },
    ['p.yaml:7:55 spec.strategies[0].queueLength.preset: cpu is no length of a queue (write queue-length)'],
  ],
  [
    'a formula that divides by zero',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue / 0 + requests" } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].desired: divides by zero: queue / 0 (divide by something else)'],
  ],
  [
    'a formula that divides by what is always zero',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue / (2 - max(1, 2)) + requests" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: divides by zero: queue / (2 - max(1, 2)) (divide by something else)',
    ],
  ],
  [
    'a formula with the rest of a division by zero',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue % 0 + requests" } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].desired: divides by zero: queue % 0 (divide by something else)'],
  ],
  [
    'a formula with an unknown metric',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "max(queue, requets)" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: names "requets", which is not among its metrics (did you mean "requests"?)',
    ],
  ],
  [
    'a formula that does not use a metric',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue / 100" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: does not use the metric "requests" (use it, or remove it from metrics)',
    ],
  ],
  [
    'a formula that reads a member',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue.constructor + requests" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: reads a part of a value with "." or "[…]", but values are numbers (write metric ids)',
    ],
  ],
  [
    'a formula that reads an index',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue[0] + requests" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: reads a part of a value with "." or "[…]", but values are numbers (write metric ids)',
    ],
  ],
  [
    'a formula that calls an unknown function',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "sqrt(queue) + requests" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: calls "sqrt" (known functions: min, max, ceil, floor, round, abs)',
    ],
  ],
  [
    'a formula that calls a misspelt function',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "cell(queue) + requests" } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].desired: calls "cell" (did you mean "ceil"?)'],
  ],
  [
    'a formula that calls a value',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue(1)(2) + requests" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: calls a value (known functions: min, max, ceil, floor, round, abs)',
    ],
  ],
  [
    'a formula that assigns',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue = requests" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: is no formula: Unexpected "=" at character 6 (write arithmetic over metric ids)',
    ],
  ],
  [
    'a formula of text',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue + requests + \'a\'" } ]',
    },
    [
      "p.yaml:7:149 spec.strategies[0].desired: holds 'a', which is not a number (write a number or a metric id)",
    ],
  ],
  [
    'a formula of this',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue + requests + this" } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].desired: holds this, but only numbers can be computed (remove it)'],
  ],
  [
    'a formula of truth',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue + requests + true" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: holds true, which is not a number (write a number or a metric id)',
    ],
  ],
  [
    'a formula with a list',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "max([queue, requests])" } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].desired: holds a list, but only numbers can be computed (remove it)'],
  ],
  [
    'several formulas',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue; requests" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: is not one formula but none or several (join them by an operator, or by max(a, b))',
    ],
  ],
  [
    'a formula with an unknown operator',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue ** requests" } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].desired: uses "**" (known operators: + - * / % < <= > >= == !=)'],
  ],
  [
    'a formula in the manner of a language',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue === requests" } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].desired: uses "===" (write ==)'],
  ],
  [
    'a formula that negates',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "!queue + requests" } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].desired: uses "!" (known operators: + - * / % < <= > >= == !=)'],
  ],
  [
    'a formula that is not finished',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "max(queue, requests" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: is no formula: Expected ) at character 19 (write arithmetic over metric ids)',
    ],
  ],
  [
    'a formula that is empty',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE } ], desired: " " } ]',
    },
    [
      'p.yaml:7:101 spec.strategies[0].desired: is not one formula but none or several (join them by an operator, or by max(a, b))',
    ],
  ],
  [
    'a formula with too many values',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "ceil(queue, requests)" } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].desired: gives ceil 2 values (give 1)'],
  ],
  [
    'a formula without values',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "max() + queue + requests" } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].desired: gives max 0 values (give at least 1)'],
  ],
  [
    'a formula that nests too deeply',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "(((((((((((((((((((((((((((((((((((((((((((((((((((queue + requests)))))))))))))))))))))))))))))))))))))))))))))))))))" } ]',
    },
    ['p.yaml:7:149 spec.strategies[0].desired: nests too deeply (at most 50 levels)'],
  ],
  [
    'a formula without metrics',
    { strategies: '[ { type: expression, metrics: [], desired: "3" } ]' },
    ['p.yaml:7:46 spec.strategies[0].metrics: has 0 entries (give at least 1)'],
  ],
  [
    'a metric named like a word of formulas',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: ready, namespace: N, name: READY }, { id: queue, namespace: N, name: QUEUE } ], desired: "ready + queue" } ]',
    },
    [
      'p.yaml:7:54 spec.strategies[0].metrics[0].id: "ready" is a word of formulas (choose another id)',
      'p.yaml:7:143 spec.strategies[0].desired: does not use the metric "ready" (use it, or remove it from metrics)',
    ],
  ],
  [
    'a number too large for a formula',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: queue, namespace: N, name: QUEUE }, { id: requests, namespace: N, name: REQUESTS } ], desired: "queue + requests + 9e999" } ]',
    },
    [
      'p.yaml:7:149 spec.strategies[0].desired: holds 9e999, which is not a number (write a number or a metric id)',
    ],
  ],
  [
    'one id for two metrics of a formula and a strategy',
    {
      strategies:
        '[ { type: target-tracking, target: 70, metric: { preset: cpu } }, { type: expression, metrics: [ { id: cpu, namespace: N, name: M } ], desired: cpu } ]',
    },
    [
      'p.yaml:7:118 spec.strategies[1].metrics[0].id: the metric id "cpu" is taken by entry [0] (give each metric an id of its own)',
    ],
  ],
  [
    'one id for two formulas',
    {
      strategies:
        '[ { type: expression, metrics: [ { id: a, namespace: N, name: A } ], desired: a }, { type: expression, metrics: [ { id: b, namespace: N, name: B } ], desired: b } ]',
    },
    [
      'p.yaml:7:98 spec.strategies[1].id: the metric id "formula" is taken by entry [0] (give each metric an id of its own)',
    ],
  ],
];

describe('a bad strategy', () => {
  it.each(cases)('%s is refused with its place and its fix', (_, spec, expected) => {
    expect(problemsOf(aDocument(spec))).toEqual(expected);
  });
});
