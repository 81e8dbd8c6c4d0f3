import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serializePolicies } from '../../shared/config/compiled-policies.ts';
import { deserializeWarmPlans } from '../../shared/config/compiled-warm-plan.ts';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { formatProblem } from '../../shared/config/problem.ts';
import { schedulerCron } from '../../shared/config/scheduler-cron.ts';
import { aDocument } from '../support/a-document.ts';

const text = readFileSync(
  new URL('../../policies/examples/warm/popular-and-dashboards.yaml', import.meta.url),
  'utf8',
);
/** The shipped plan of popular templates, with something in it replaced. */
const problemsOf = (from: string | RegExp, to: string): readonly string[] => {
  const [popular = ''] = text.split('\n---\n');
  expect(popular).toMatch(from);
  return parsePolicySet([{ path: 'p.yaml', text: popular.replace(from, to) }]).problems.map(formatProblem);
};

describe('a warm plan', () => {
  it('travels in the bundle as it was compiled', () => {
    const { policies, applications, warmPlans, problems } = parsePolicySet([{ path: 'p.yaml', text }]);
    expect(problems).toEqual([]);
    expect(warmPlans.map(({ name }) => name)).toEqual(['popular-templates', 'dashboards']);
    expect(deserializeWarmPlans(serializePolicies({ policies, applications, warmPlans }))).toEqual(warmPlans);
    expect(() => deserializeWarmPlans('{"warmPlans": [{}]}')).toThrow('do not fit this version');
    expect(deserializeWarmPlans('{}')).toEqual([]);
  });

  it.each([
    ['no network', /^ {2}network:\n.*\n.*\n/m, '', 'spec.network: is missing (give a mapping)'],
    ['an address without a port', 'com:6379', 'com', 'is not the address of a cache (host:port'],
    ['no time', 'every: 30m', 'timeZone: UTC', 'has no time (give every or cron)'],
    ['seconds', 'every: 30m', 'every: 90s', '"90s" is not in whole minutes (write 2m)'],
    ['a bad cron expression', 'every: 30m', 'cron: 0 25 * * *', '"0 25 * * *" is no cron expression'],
    ['a cron that Scheduler cannot', 'every: 30m', 'cron: 0 8 1 * mon', 'that EventBridge Scheduler cannot'],
    [
      'a bad zone',
      'every: 30m',
      'cron: 0 8 * * *\n        timeZone: Europe/Berlim',
      'did you mean "Europe/Berlin"?',
    ],
    [
      'a policy that there is not',
      /schedules:\n.*30m/,
      'onScaleOutOf: [cach]',
      'no policy is named "cach" (add it to the set)',
    ],
    ['a key without a column', 'template:{id}', 'template', 'is the same for every row'],
    ['braces without a column', 'template:{id}', 'template:{id', 'has braces without a column'],
    [
      'no life',
      /^ {6}ttl: 1h\n/m,
      '',
      'ttl: is missing (give a duration: a warmed key must not live for ever)',
    ],
    ['a statement that writes', /SELECT id FROM/, 'DELETE FROM', 'is no SELECT (warming only reads)'],
    ['two statements', 'LIMIT 50', 'LIMIT 50; DROP TABLE templates', 'has several statements'],
    ['too few parameters', 'id = $1', 'id = $2', 'the query uses $1 to $2, and parameters names 1'],
    ['too many rows at once', 'maxRows: 50', 'maxRows: 50000', '50000 rows in one statement are too many'],
    ['no host', /replica: .*\n.*primary: .*\n/, '{}\n', 'names no host'],
    [
      'an open password',
      'database: app',
      'database: app\n        tls: false',
      'would send the password readable',
    ],
    ['nobody who logs in', /^ {8}secretArn: .*\n/m, '', 'names nobody who logs in'],
    [
      'a name instead of an ARN',
      /secretArn: arn\S*rds\S*/,
      'secretArn: app/db',
      'is not the ARN of a secret',
    ],
    ['a statement without end', 'maxRows: 50', 'statementTimeout: 10m', '"10m" is too long (at most 300s)'],
    [
      'an unknown field',
      'queriesPerSecond',
      'queryPerSecond',
      'unknown key (did you mean "queriesPerSecond"?)',
    ],
    [
      'a codec of one column',
      'ttl: 1h',
      'ttl: 1h\n      codec: raw\n      columns: [a, b]',
      'raw takes one column, and these are 2',
    ],
  ])('with %s is refused with its place and its fix', (_, from, to, said) => {
    const problems = problemsOf(from, to);
    expect(problems.join('\n')).toContain(said);
    expect(problems[0]).toMatch(/^p\.yaml:\d+:\d+ spec\./);
  });

  it('shares its network with the others of its set, and has a name of its own', () => {
    const other = text
      .replace(/(name: )dashboards/, '$1popular-templates')
      .replace(/sg-\w+(?![\s\S]*sg-)/, 'sg-11111111');
    const problems = parsePolicySet([{ path: 'p.yaml', text: other }])
      .problems.map(formatProblem)
      .join('\n');
    expect(problems).toContain('the name "popular-templates" is taken by p.yaml:5');
    expect(problems).toContain('is not the network of popular-templates');
  });

  it('is what new replicas name, with a query to run against them', () => {
    const target = '{ kind: rds-replicas, source: app-db, warmUp: { plan: popular-templatez } }';
    const files = [
      { path: 'c.yaml', text: aDocument({ target, bounds: '{ min: 1, max: 5 }' }, 'replicas') },
      { path: 'p.yaml', text },
    ];
    const problems = parsePolicySet(files).problems.map(formatProblem).join('\n');
    expect(problems).toContain(
      'no WarmPlan is named "popular-templatez" (did you mean "popular-templates"?)',
    );
  });
});

it.each([
  ['0 8 * * mon-fri', 'cron(0 8 ? * MON,TUE,WED,THU,FRI *)'],
  ['0 8 * * 1-5', 'cron(0 8 ? * MON,TUE,WED,THU,FRI *)'],
  ['0 8 * * 5-7', 'cron(0 8 ? * SUN,FRI,SAT *)'],
  ['0 8 * * fri-mon', 'cron(0 8 ? * SUN,MON,FRI,SAT *)'],
  ['0 8 * * */3', 'cron(0 8 ? * SUN,WED,SAT *)'],
  ['0 8 * * 2/2', 'cron(0 8 ? * TUE,THU,SAT *)'],
  ['0 8 * * 0,7', 'cron(0 8 ? * SUN *)'],
  ['*/10 * 1 jan *', 'cron(*/10 * 1 JAN ? *)'],
  ['0 8 1 * mon', null],
  ['0 8 * * fri#2', null],
  ['0 8 * * abc', null],
])('EventBridge Scheduler is told %s as %s', (cron, told) => {
  expect(schedulerCron(cron)).toBe(told);
});
