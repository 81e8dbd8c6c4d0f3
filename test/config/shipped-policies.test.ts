import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadPolicies } from '../../shared/config/load-policies.ts';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { policyJsonSchema } from '../../shared/config/policy-json-schema.ts';
import { formatProblem } from '../../shared/config/problem.ts';
import { aDocument, problemsOf } from '../support/a-document.ts';

const read = (path: string) => readFileSync(new URL(`../../policies/${path}`, import.meta.url), 'utf8');
const list = (folder: string) =>
  readdirSync(new URL(`../../policies/${folder}`, import.meta.url)).filter((name) => name.endsWith('.yaml'));

interface Schema {
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** The kinds of document that a policy file may hold. */
function schemas(): readonly Schema[] {
  const { anyOf, oneOf }: Schema = JSON.parse(policyJsonSchema());
  return anyOf ?? oneOf ?? [];
}

/** Every field inside a schema, and whether an editor has something to show for it. */
function fieldsOf(
  schema: Schema,
  at: string,
): readonly { readonly path: string; readonly described: boolean }[] {
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = schema;
  const inside = typeof additionalProperties === 'object' ? [additionalProperties] : [];
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      { path: `${at}.${name}`, described: (field.description ?? '') !== '' },
      ...fieldsOf(field, `${at}.${name}`),
    ]),
    ...[...inside, ...(items ? [items] : []), ...anyOf, ...oneOf].flatMap((part) => fieldsOf(part, at)),
  ];
}

/** Manifests that stay as their authors wrote them. */
const UNTOUCHED = ['agency-toolkit.yaml', 'agent360.yaml', 'resource-quota.yaml'];

describe('the files under policies/', () => {
  it('hold the schema that the code generates (npm run -s schema)', () => {
    expect(read('policy.schema.json')).toBe(policyJsonSchema());
  });

  it.each([
    ['', './policy.schema.json'],
    ['examples/', '../policy.schema.json'],
    ['examples/hpa/', '../../policy.schema.json'],
    ['examples/warm/', '../../policy.schema.json'],
  ])('tell editors where the schema is, in policies/%s', (folder, schema) => {
    for (const name of list(folder).filter((file) => !UNTOUCHED.includes(file))) {
      expect(read(`${folder}${name}`).split('\n')[0], name).toBe(`# yaml-language-server: $schema=${schema}`);
    }
  });

  it('describe every kind of document and every field of it to editors', () => {
    const documents = schemas();
    expect(documents.map(({ title }) => title)).toEqual([
      'ScalingPolicy',
      'HorizontalPodAutoscaler',
      'Bindings',
      'Application',
      'Guardrails',
      'WarmPlan',
      'ResourceQuota',
    ]);
    // The fields of Kubernetes are described where they were written.
    const own = documents.filter(
      ({ title }) => title !== 'HorizontalPodAutoscaler' && title !== 'ResourceQuota',
    );
    const fields = own.flatMap((document) => fieldsOf(document, String(document.title)));
    expect(fields.length).toBeGreaterThanOrEqual(200);
    expect(fields.filter(({ described }) => !described).map(({ path }) => path)).toEqual([]);
  });

  it('are all policies as they stand, alone and together', async () => {
    const folders = ['policies', 'policies/examples', 'policies/examples/hpa'];
    for (const paths of [...folders.map((folder) => [folder]), folders]) {
      const { policies, problems } = await loadPolicies(paths);
      expect(problems.map(formatProblem)).toEqual([]);
      expect(policies.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('hold every number of the first applications about scaling', async () => {
    const { policies } = await loadPolicies(['policies/examples', 'policies/examples/hpa']);
    const named = (name: string) => policies.find((policy) => policy.name === name);
    const rules = (name: string) =>
      named(name)?.strategies.flatMap((each) =>
        each.kind === 'threshold' ? [[each.metric.id, each.out?.threshold, each.out?.forSeconds]] : [],
      );
    expect(rules('toolkit-api')).toEqual([
      ['cpu', 70, 600],
      ['memory', 80, 300],
      ['pool_use', 80, 120],
      ['latency', 2, 180],
    ]);
    expect(rules('agent-api')).toEqual([
      ['cpu', 70, 0],
      ['memory', 80, 0],
      ['request_rate', 1000, 0],
      ['error_rate', 5, 180],
    ]);
    expect(named('workflow-workers')).toMatchObject({
      bounds: { min: 2, max: 10 },
      strategies: [
        {
          backlogPerWorker: { targetLatencySeconds: 150, concurrency: 20, execution: { seconds: 30 } },
          memory: { above: 80, below: 40 },
          in: { queueLength: 10, idleSeconds: 300 },
        },
      ],
    });
    expect(named('infrastructure')).toMatchObject({
      bounds: { min: 2, max: 10 },
      strategies: [{ target: 70 }, { target: 80 }],
      coreSize: 5,
    });
    const quota = { cpu: 20, memoryMiB: 40 * 1024 };
    expect(named('agent360')).toMatchObject({
      bounds: { min: 3, max: 10 },
      unitResources: { cpu: 1, memoryMiB: 2048 },
      guardrails: { quota, changeBudget: { units: 20, seconds: 600 } },
    });
    expect(named('agency-toolkit-hpa')).toMatchObject({ bounds: { min: 2, max: 10 }, guardrails: { quota } });
  });
});

describe('the pages about documents', () => {
  const text = ['policies', 'targets']
    .map((page) => readFileSync(new URL(`../../docs/${page}.md`, import.meta.url), 'utf8'))
    .join('\n');
  const blocks = (tag: string) =>
    [...text.matchAll(/```(.*)\n([\s\S]*?)```/g)].flatMap(([, found, block]) =>
      found === tag ? [block ?? ''] : [],
    );

  it('shows documents that are policies as they stand', () => {
    const manifest = read('examples/hpa/agent360.yaml');
    const files = [...blocks('yaml'), manifest].map((block, index) => ({
      path: `doc${index}.yaml`,
      text: block,
    }));
    const { policies, problems } = parsePolicySet(files);
    expect(problems).toEqual([]);
    expect(policies.map(({ name }) => name)).toEqual(['web', 'agent360']);
  });

  it('shows parts that fit into a policy as they stand', () => {
    const parts = blocks('yaml spec');
    expect(parts.length).toBeGreaterThanOrEqual(8);
    for (const part of parts) {
      const fields = Object.entries(parse(part) as Readonly<Record<string, unknown>>);
      const spec = Object.fromEntries(fields.map(([name, value]) => [name, JSON.stringify(value)]));
      // A part cannot bring the warm plan along that it names.
      const problems = problemsOf(aDocument(spec)).filter((each) => !each.includes('no WarmPlan is named'));
      expect(problems, part).toEqual([]);
    }
  });

  it('names every field that a document may have', () => {
    const own = schemas().filter(
      ({ title }) => title !== 'HorizontalPodAutoscaler' && title !== 'ResourceQuota',
    );
    const names = new Set(
      own.flatMap((document) => fieldsOf(document, '').map(({ path }) => path.split('.').at(-1) ?? '')),
    );
    // Warm plans and applications have pages of their own.
    const pages = ['warming', 'applications'].map((page) =>
      readFileSync(new URL(`../../docs/${page}.md`, import.meta.url), 'utf8'),
    );
    const all = [text, ...pages].join('\n');
    const unnamed = [...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(all));
    expect(unnamed).toEqual([]);
  });
});
