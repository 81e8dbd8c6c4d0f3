import { describe, expect, it } from 'vitest';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { formatProblem } from '../../shared/config/problem.ts';
import { aDocument, problemsOf } from '../support/a-document.ts';

const strategy = (fields: string) => aDocument({ strategies: `[ { type: target-tracking, ${fields} } ]` });
const cpu = 'metric: { preset: cpu }';

/** What is wrong, the document, and exactly what is said of it. */
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'an unknown key',
    aDocument({ behaviour: '{}' }),
    ['p.yaml:8:3 spec.behaviour: unknown key (did you mean "behavior"?)'],
  ],
  [
    'an unknown key that resembles nothing',
    aDocument({ bounds: '{ min: 2, max: 20, colour: red }' }),
    ['p.yaml:6:30 spec.bounds.colour: unknown key (known here: min, max)'],
  ],
  [
    'min above max',
    aDocument({ bounds: '{ min: 9, max: 3 }' }),
    ['p.yaml:6:18 spec.bounds.min: 9 is more than max 3 (lower min or raise max)'],
  ],
  [
    'a cooldown of -1',
    aDocument({ cooldowns: '{ outSeconds: -1 }' }),
    ['p.yaml:8:28 spec.cooldowns.outSeconds: -1 is too small (give at least 0)'],
  ],
  [
    'a number as a string',
    aDocument({ bounds: '{ min: "2", max: 20 }' }),
    ['p.yaml:6:18 spec.bounds.min: "2" is a string, not a number (write 2 without quotes)'],
  ],
  [
    'a fraction of a task',
    aDocument({ bounds: '{ min: 2, max: 2.5 }' }),
    ['p.yaml:6:26 spec.bounds.max: 2.5 is a number with a fraction, not a whole number (write 2 or 3)'],
  ],
  [
    'a percentage with its sign',
    aDocument({ strategies: '[ { type: target-tracking, target: 70 %, metric: { preset: cpu } } ]' }),
    [expect.stringMatching(/ spec\.strategies\[0\]\.target: "70 %" is a string, not a number \(write 70\)$/)],
  ],
  [
    'seconds written as a duration',
    aDocument({ cooldowns: '{ outSeconds: 5m }' }),
    ['p.yaml:8:28 spec.cooldowns.outSeconds: "5m" is a string, not a number (write 300, in seconds)'],
  ],
  [
    'a missing field',
    aDocument({ bounds: '{ min: 2 }' }),
    ['p.yaml:6:11 spec.bounds.max: is missing (give a number)'],
  ],
  [
    'a field without a value',
    aDocument({ bounds: '' }),
    ['p.yaml:6:11 spec.bounds: has no value (give a mapping, or remove the line)'],
  ],
  [
    'a list for a mapping',
    aDocument({ bounds: '[2, 20]' }),
    ['p.yaml:6:11 spec.bounds: is a list, not a mapping (give a mapping)'],
  ],
  [
    'no strategy',
    aDocument({ strategies: '[]' }),
    [
      'p.yaml:7:15 spec.strategies: has 0 entries (give at least 1, or a schedule that has a window with a desired size)',
    ],
  ],
  [
    'a schedule as a strategy',
    aDocument({ strategies: '[ { type: schedule, cron: "every day" } ]' }),
    [
      'p.yaml:7:25 spec.strategies[0].type: "schedule" is not known here (one of: target-tracking, step, threshold, queue, expression)',
    ],
  ],
  [
    'a kind of target that does not exist yet',
    aDocument({ target: '{ kind: ecs-servise, cluster: prod, service: web }' }),
    ['p.yaml:5:19 spec.target.kind: "ecs-servise" is not known here (did you mean "ecs-service"?)'],
  ],
  [
    'an ARN for a name',
    aDocument({ target: '{ kind: ecs-service, cluster: "arn:aws:ecs:x:1:cluster/p", service: web }' }),
    [
      'p.yaml:5:41 spec.target.cluster: "arn:aws:ecs:x:1:cluster/p" is not the name of an ECS cluster (up to 255 letters, digits, "_" and "-"; the name, not the ARN)',
    ],
  ],
  [
    'a target of 0',
    strategy(`target: 0, ${cpu}`),
    ['p.yaml:7:50 spec.strategies[0].target: 0 is too small (give more than 0)'],
  ],
  [
    'a target that is no number',
    strategy(`target: .nan, ${cpu}`),
    ['p.yaml:7:50 spec.strategies[0].target: NaN is not a finite number (give one)'],
  ],
  [
    'a share where a percentage is meant',
    strategy(`target: 0.7, ${cpu}`),
    ['p.yaml:7:50 spec.strategies[0].target: 0.7 means 0.7 % (write 70 for that share)'],
  ],
  [
    'a preset as a total',
    strategy(`target: 70, scope: total, ${cpu}`),
    [
      'p.yaml:7:61 spec.strategies[0].scope: the preset cpu is a mean over tasks (remove scope, or write average)',
    ],
  ],
  [
    'a preset misspelt',
    strategy('target: 70, metric: { preset: cpus }'),
    ['p.yaml:7:72 spec.strategies[0].metric.preset: "cpus" is not known here (did you mean "cpu"?)'],
  ],
  [
    'a load balancer for a preset that has none, and none for the preset that needs one',
    aDocument({
      strategies:
        '[ { type: target-tracking, target: 70, metric: { preset: cpu, targetGroup: targetgroup/a/0 } }, { type: target-tracking, target: 70, metric: { preset: requests-per-task, loadBalancer: app/a/0 } } ]',
    }),
    [
      'p.yaml:7:77 spec.strategies[0].metric.targetGroup: means nothing to the preset cpu (remove it)',
      'p.yaml:7:156 spec.strategies[1].metric.targetGroup: is missing (give the end of the ARN, targetgroup/NAME/ID)',
    ],
  ],
  [
    'a period that CloudWatch does not have',
    strategy('target: 70, metric: { preset: cpu, periodSeconds: 45 }'),
    [
      'p.yaml:7:92 spec.strategies[0].metric.periodSeconds: 45 is no period of CloudWatch (10, 20, 30, or a multiple of 60)',
    ],
  ],
  [
    'more datapoints than periods',
    strategy(`target: 70, ${cpu}, alarms: { out: { datapoints: 3, of: 2 } }`),
    [
      'p.yaml:7:108 spec.strategies[0].alarms.out.datapoints: 3 is more than of 2 (lower datapoints or raise of)',
    ],
  ],
  [
    'an alarm over more than a day',
    strategy(`target: 70, ${cpu}, alarms: { in: { datapoints: 1441 } }`),
    [
      'p.yaml:7:93 spec.strategies[0].alarms.in: 1441 periods of 60 s are more than a day, the limit of CloudWatch (at most 1440)',
    ],
  ],
  [
    'an alarm of long periods over more than seven days',
    strategy('target: 70, metric: { preset: cpu, periodSeconds: 3600 }, alarms: { in: { datapoints: 169 } }'),
    [
      'p.yaml:7:114 spec.strategies[0].alarms.in: 169 periods of 3600 s are more than seven days, the limit of CloudWatch (at most 168)',
    ],
  ],
  [
    'an alarm for scale-in on a total',
    strategy(
      'target: 70, scope: total, metric: { id: m, namespace: N, name: M }, alarms: { in: { datapoints: 3 } }',
    ),
    [
      'p.yaml:7:120 spec.strategies[0].alarms.in: a total has no alarm for scale-in; the sweep watches it (remove in)',
    ],
  ],
  [
    'data that is stale before it can arrive',
    aDocument({ missingData: '{ staleAfterSeconds: 90 }' }),
    [
      'p.yaml:8:37 spec.missingData.staleAfterSeconds: 90 s is less than two periods of 60 s, so every datapoint would be stale (at least 120)',
    ],
  ],
  [
    'a fallback outside the bounds',
    aDocument({ missingData: '{ fallback: { size: 21 } }' }),
    [
      'p.yaml:8:36 spec.missingData.fallback.size: 21 is outside the bounds 2..20 (choose a size inside them)',
    ],
  ],
  [
    'a minimum of 0 that nothing could leave',
    aDocument({ bounds: '{ min: 0, max: 20 }' }),
    [
      'p.yaml:6:18 spec.bounds.min: 0 tasks have no mean that could ask for the first one (set min to 1, or add a strategy of scope total)',
    ],
  ],
  [
    'one metric id twice',
    aDocument({
      strategies:
        '[ { type: target-tracking, target: 70, metric: { preset: cpu } }, { type: target-tracking, target: 80, metric: { preset: memory, id: cpu } } ]',
    }),
    [
      'p.yaml:7:148 spec.strategies[1].metric.id: the metric id "cpu" is taken by entry [0] (give each metric an id of its own)',
    ],
  ],
  [
    'a metric id that CloudWatch refuses',
    strategy('target: 70, metric: { preset: cpu, id: my-cpu }'),
    [
      'p.yaml:7:81 spec.strategies[0].metric.id: "my-cpu" is not a metric id (begin with a lower-case letter; then letters, digits and "_")',
    ],
  ],
  [
    'a statistic that CloudWatch does not have',
    strategy('target: 70, metric: { id: m, namespace: N, name: M, stat: Mean }'),
    [
      'p.yaml:7:100 spec.strategies[0].metric.stat: "Mean" is not a statistic of CloudWatch (Average, Sum, Minimum, Maximum, SampleCount, or a percentile such as p95)',
    ],
  ],
  [
    'an expression with an unknown and an unused metric',
    strategy(
      'target: 70, metric: { id: e, expression: m1/m2, metrics: { m1: { namespace: N, name: A }, m3: { namespace: N, name: B } } }',
    ),
    [
      'p.yaml:7:83 spec.strategies[0].metric.expression: names "m2", which is not among its metrics (add it, or use: m1, m3)',
      'p.yaml:7:132 spec.strategies[0].metric.metrics.m3: the expression does not use "m3" (use it, or remove it)',
    ],
  ],
  [
    'an expression that searches',
    strategy(
      `target: 70, metric: { id: e, expression: "SUM(SEARCH('{N} m9', 'Sum')) + m1", metrics: { m1: { namespace: N, name: A } } }`,
    ),
    [
      'p.yaml:7:83 spec.strategies[0].metric.expression: alarms cannot use SEARCH (list the metrics under "metrics")',
    ],
  ],
  [
    'a name that is none',
    aDocument({}, 'Web_1'),
    [
      'p.yaml:3:19 metadata.name: "Web_1" is not a name (use lower-case letters, digits, "-" and "."; begin and end with a letter or digit)',
    ],
  ],
  [
    'a name too long for its alarms',
    aDocument({ target: '{ kind: ecs-service, cluster: prod, service: web }' }, 'w'.repeat(240)),
    [
      'p.yaml:3:19 metadata.name: the name of an alarm would have 257 characters; CloudWatch takes 255 (shorten the name by 2)',
    ],
  ],
  [
    'a pause that is no pause',
    aDocument({ paused: 'yes' }),
    ['p.yaml:8:11 spec.paused: "yes" is a string, not true or false (give true or false)'],
  ],
  [
    'a rate policy list that is empty',
    aDocument({ behavior: '{ scaleUp: { policies: [] } }' }),
    ['p.yaml:8:36 spec.behavior.scaleUp.policies: has 0 entries (give at least 1)'],
  ],
  [
    'a key twice',
    aDocument({}).replace('spec:', 'kind: Bindings\nspec:'),
    ['p.yaml:4:1 kind: the key stands twice; it was first set in line 2 (keep one)'],
  ],
  [
    'a nested key twice',
    aDocument({ bounds: '{ min: 2, max: 20, min: 3 }' }),
    ['p.yaml:6:30 spec.bounds.min: the key stands twice; it was first set in line 6 (keep one)'],
  ],
  [
    'another document of Kubernetes',
    'apiVersion: apps/v1\nkind: Deployment\n',
    [
      'p.yaml:2:7 kind: "Deployment" is not a policy (one of: ScalingPolicy, HorizontalPodAutoscaler, Bindings, Application, Guardrails, WarmPlan, ResourceQuota)',
    ],
  ],
  [
    'a kind misspelt',
    aDocument({}).replace('ScalingPolicy', 'scalingpolicy'),
    ['p.yaml:2:7 kind: "scalingpolicy" is not a policy (did you mean "ScalingPolicy"?)'],
  ],
  [
    'no kind',
    'apiVersion: plimsoll/v1\n',
    [
      'p.yaml:1:1 kind: is missing (give one of: ScalingPolicy, HorizontalPodAutoscaler, Bindings, Application, Guardrails, WarmPlan, ResourceQuota)',
    ],
  ],
  [
    'another version',
    aDocument({}).replace('plimsoll/v1', 'plimsoll/v2'),
    ['p.yaml:1:13 apiVersion: "plimsoll/v2" is no version of ScalingPolicy (write plimsoll/v1)'],
  ],
  [
    'text that is no document',
    'hello\n',
    [
      'p.yaml:1:1 document: "hello" is not a policy (begin with apiVersion: plimsoll/v1 and kind: ScalingPolicy)',
    ],
  ],
  ['an empty file', ' \n', ['p.yaml:1:1 document: the file is empty (write a policy, or delete the file)']],
  [
    'a file of comments',
    '# nothing\n',
    ['p.yaml:1:1 document: the file holds no document (write a policy, or delete the file)'],
  ],
  [
    'tabs',
    'kind: ScalingPolicy\nmetadata:\n\tname: web\n',
    ['p.yaml:3:1 document: not valid YAML: Tabs are not allowed as indentation (indent with spaces)'],
  ],
  [
    'an alias inside its own anchor',
    'kind: &a\n  x: *a\n',
    ['p.yaml:1:1 document: an alias stands inside its own anchor (write the value out)'],
  ],
];

describe('a bad policy document', () => {
  it.each(cases)('%s is refused with its place and its fix', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('shows every problem at once, those between fields included', () => {
    const text = aDocument({
      bounds: '{ min: 9, max: 3 }',
      cooldowns: '{ outSeconds: -1, inSeconds: "300" }',
      evaluation: 'always',
    });
    expect(problemsOf(text).map((line) => line.split(' ')[1])).toEqual([
      'spec.bounds.min:',
      'spec.cooldowns.outSeconds:',
      'spec.cooldowns.inSeconds:',
      'spec.evaluation:',
    ]);
  });

  it('explodes by aliases no further than a hundred nodes', () => {
    const levels = Array.from({ length: 30 }, (_, level) => {
      const below = level === 0 ? '"x"' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array(9).fill(below).join(', ')}]`;
    });
    expect(problemsOf(levels.join('\n'))).toEqual([
      'p.yaml:1:1 document: aliases expand to too much (at most 100 repeated nodes; write the values out)',
    ]);
  });

  it('may use aliases in moderation, and problems behind them keep their place', () => {
    const shared = 'shared: &m { preset: cpu, periodSeconds: 45 }\n';
    const strategies = '[ { type: target-tracking, target: 70, metric: *m } ]';
    expect(problemsOf(`${shared}${aDocument({ strategies })}`)).toEqual([
      'p.yaml:1:1 shared: unknown key (known here: apiVersion, kind, metadata, spec)',
      'p.yaml:1:42 spec.strategies[0].metric.periodSeconds: 45 is no period of CloudWatch (10, 20, 30, or a multiple of 60)',
    ]);
  });

  it('is refused before it is parsed when it is over 1 MiB', () => {
    const text = `# ${'x'.repeat(10_000_000)}`;
    const before = performance.now();
    expect(problemsOf(text)).toEqual([
      'p.yaml:1:1 document: the file has 10000002 bytes; the limit is 1048576 (split it into several files)',
    ]);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it('of nothing but keys is answered in a few seconds', () => {
    const keys = Array.from({ length: 50_000 }, (_, index) => `key${index}: 1`).join('\n');
    expect(problemsOf(keys)[0]).toContain('kind: is missing');
  });

  it.each([
    ['brackets', '['.repeat(200_000)],
    ['dashes', `${'- '.repeat(100_000)}1`],
    ['keys', `${'a: '.repeat(100_000)}1`],
    ['braces hidden by quotes', '{"}": '.repeat(50_000)],
    ['brackets hidden by comments', '[ # ]\n'.repeat(50_000)],
    ['anchors', '- &a '.repeat(50_000)],
    ['indentation', Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('nested by %s deeper than the parser could follow is refused before it is parsed', (_, text) => {
    expect(problemsOf(text)).toEqual([
      'p.yaml:1:1 document: the file nests too deeply (at most 100 levels; indent by at most 200 columns)',
    ]);
  });

  it('may be nested as deep as the limit', () => {
    expect(problemsOf(`a: ${'['.repeat(100)}${']'.repeat(100)}`)[0]).toContain('kind: is missing');
    const lines = Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    expect(problemsOf(lines)[0]).toContain('kind: is missing');
  });
});

describe('a set of files', () => {
  const problems = (...texts: readonly string[]) =>
    parsePolicySet(texts.map((text, index) => ({ path: `p${index}.yaml`, text }))).problems.map(
      formatProblem,
    );

  it('refuses one name twice, naming both places', () => {
    const other = aDocument({ target: '{ kind: ecs-service, cluster: prod, service: other }' });
    expect(problems(aDocument(), other)).toEqual([
      'p1.yaml:3:19 metadata.name: the name "web" is taken by p0.yaml:3 (choose another one)',
    ]);
  });

  it('refuses two policies for one target, even when one of them has a problem of its own', () => {
    const target = '{ kind: ecs-service, cluster: prod, service: web }';
    expect(problems(aDocument({ bounds: '{ min: 9, max: 3 }' }), aDocument({ target }, 'other'))).toEqual([
      'p0.yaml:6:18 spec.bounds.min: 9 is more than max 3 (lower min or raise max)',
      'p1.yaml:5:11 spec.target: ecs-service/prod/web already has a policy in p0.yaml:5 (one policy per target; several strategies may share it)',
    ]);
  });

  it.each(['task-role', 'arn:aws:iam::123456789012:role/*', 'arn:aws:iam::123456789012:user/me'])(
    'refuses %s where a role that may be passed is named',
    (role) => {
      const target = `{ kind: rds-replicas, source: orders, passRoles: ['${role}'] }`;
      const said = problems(aDocument({ target, bounds: '{ min: 1, max: 3 }' }));
      expect(said).toHaveLength(1);
      expect(said[0]).toContain('spec.target.passRoles[0]:');
      expect(said[0]).toContain('arn:aws:iam::ACCOUNT:role/NAME, without a wildcard');
    },
  );

  it('refuses one record name for the replicas of two sources', () => {
    const replicas = (source: string, recordName: string) =>
      aDocument(
        {
          target: `{ kind: rds-replicas, source: ${source}, endpoint: { route53: { hostedZoneId: Z0123456789ABC, recordName: ${recordName} } } }`,
          bounds: '{ min: 1, max: 3 }',
        },
        source,
      );
    const said = problems(
      replicas('orders', 'db.example.com'),
      replicas('users', 'db.example.com'),
      replicas('other', 'other.example.com'),
    );
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(
      'spec.target.endpoint.route53.recordName: "db.example.com" has the replicas of rds-replicas/orders in p0.yaml:5 (choose another name',
    );
  });

  it('finds clashes between documents of one file', () => {
    expect(problems(`${aDocument()}---\n${aDocument()}`)).toEqual([
      'p0.yaml:11:19 metadata.name: the name "web" is taken by p0.yaml:3 (choose another one)',
      'p0.yaml:13:11 spec.target: ecs-service/prod/web already has a policy in p0.yaml:5 (one policy per target; several strategies may share it)',
    ]);
  });

  it('still yields the policies that have no problem', () => {
    const set = parsePolicySet([
      { path: 'a.yaml', text: aDocument() },
      { path: 'b.yaml', text: aDocument({ bounds: '{ min: 9, max: 3 }' }, 'b') },
    ]);
    expect(set.policies.map(({ name }) => name)).toEqual(['web']);
    expect(set.documents.map(({ summary }) => summary)).toEqual([
      'ecs-service/prod/web, 2..20, 2 alarms',
      'has problems',
    ]);
  });
});
