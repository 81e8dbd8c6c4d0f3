import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { formatProblem } from '../../shared/config/problem.ts';

const text = readFileSync(
  new URL('../../policies/examples/three-tiers/policies.yaml', import.meta.url),
  'utf8',
);
const application = readFileSync(
  new URL('../../policies/examples/three-tiers/application.yaml', import.meta.url),
  'utf8',
);

const problemsIn = (...documents: readonly string[]): readonly string[] =>
  parsePolicySet([
    { path: 'policies.yaml', text },
    ...documents.map((each, index) => ({ path: `app${index === 0 ? '' : index}.yaml`, text: each })),
  ]).problems.map(formatProblem);

/** The shipped application with something in it replaced. */
function problemsOf(from: string | RegExp, to: string): readonly string[] {
  expect(application).toMatch(from);
  return problemsIn(application.replace(from, to));
}

/** So many tiers in a row, each after the one before, all of the same policy. */
const chain = (length: number): string =>
  [
    'apiVersion: plimsoll/v1',
    'kind: Application',
    'metadata: { name: chain }',
    'spec:',
    '  tiers:',
    ...Array.from({ length }, (_, index) => {
      const after = index === 0 ? '' : `, after: [t${index - 1}]`;
      return `    - { name: t${index}, policy: shop-web${after} }`;
    }),
  ].join('\n');

describe('an application', () => {
  it('is right as it is shipped', () => {
    expect(problemsIn(application)).toEqual([]);
  });

  it.each([
    ['a policy that there is not', /policy: shop-web/, 'policy: shop-wep', 'did you mean "shop-web"?'],
    ['a tier that there is not', /after: \[database\]/, 'after: [databse]', 'did you mean "database"?'],
    ['two tiers of one name', /name: cache/, 'name: database', 'another tier "database"'],
    ['one policy in two tiers', /policy: shop-cache/, 'policy: shop-web', 'a policy belongs to one tier'],
    [
      'a circle',
      'policy: shop-replicas',
      'policy: shop-replicas, after: [web]',
      'the order goes in a circle: database → ',
    ],
    [
      'a warm plan that there is not',
      'policy: shop-cache',
      'policy: shop-cache, warm: { plan: popular, within: 10m }',
      '"popular"',
    ],
    ['a budget that no minimum keeps', /poolSize: \d+/, 'poolSize: 5000', 'at all minima'],
    ['a maximum out of reach', /poolSize: \d+/, 'poolSize: 21', 'can never be reached'],
  ])('with %s is refused with its place and its fix', (_, from, to, problem) => {
    const problems = problemsOf(from, to);
    expect(problems.join('\n')).toContain(problem);
    for (const each of problems)
      expect(each).toMatch(/^app\.yaml:\d+:\d+ spec\..*\(.*\)$|^app\.yaml:\d+:\d+ spec\..*\?\)$/);
  });

  it('belongs to itself: neither its name nor its policies stand in another one', () => {
    expect(problemsIn(application, application).join('\n')).toMatch(
      /app1\.yaml:\d+:\d+ metadata\.name: the name "shop" is taken by app\.yaml:\d+[\s\S]*is a tier in app\.yaml:\d+ already/,
    );
  });

  it('has at most ten tiers that must be ready one after another', () => {
    const deep = (length: number) =>
      problemsIn(chain(length)).filter((each) => each.includes('one after another'));
    expect(deep(11)).toEqual([]);
    expect(deep(12)).toEqual([
      expect.stringContaining(
        'spec.tiers[11].after: 11 tiers must be ready one after another before this one (at most 10)',
      ),
    ]);
  });
});
