import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { policyJsonSchema } from '../../shared/config/policy-json-schema.ts';

const read = (path: string) => readFileSync(new URL(`../../policies/${path}`, import.meta.url), 'utf8');
const list = (folder: string) =>
  readdirSync(new URL(`../../policies/${folder}`, import.meta.url)).filter((name) => name.endsWith('.yaml'));

/** Manifests that stay as their authors wrote them. */
const UNTOUCHED = ['agency-toolkit.yaml', 'agent360.yaml'];

describe('the files under policies/', () => {
  it('hold the schema that the code generates (npm run -s schema)', () => {
    expect(read('policy.schema.json')).toBe(policyJsonSchema());
  });

  it.each([
    ['', './policy.schema.json'],
    ['examples/', '../policy.schema.json'],
    ['examples/hpa/', '../../policy.schema.json'],
  ])('tell editors where the schema is, in policies/%s', (folder, schema) => {
    for (const name of list(folder).filter((file) => !UNTOUCHED.includes(file))) {
      expect(read(`${folder}${name}`).split('\n')[0], name).toBe(`# yaml-language-server: $schema=${schema}`);
    }
  });

  it('describe every kind of document and every field of it to editors', () => {
    const schema = JSON.parse(policyJsonSchema());
    const documents: readonly {
      title: string;
      properties: { spec: { properties: Record<string, object> } };
    }[] = schema.anyOf ?? schema.oneOf;
    expect(documents.map(({ title }) => title)).toEqual([
      'ScalingPolicy',
      'HorizontalPodAutoscaler',
      'Bindings',
    ]);
    const fields = Object.entries(documents[0]?.properties.spec.properties ?? {});
    expect(fields.length).toBeGreaterThanOrEqual(10);
    for (const [name, field] of fields) expect(field, name).toHaveProperty('description');
  });
});

describe('docs/policies.md', () => {
  it('shows documents that are policies as they stand', () => {
    const text = readFileSync(new URL('../../docs/policies.md', import.meta.url), 'utf8');
    const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
    const manifest = read('examples/hpa/agent360.yaml');
    const files = [...blocks, manifest].map((block, index) => ({ path: `doc${index}.yaml`, text: block }));
    const { policies, problems } = parsePolicySet(files);
    expect(problems).toEqual([]);
    expect(policies.map(({ name }) => name)).toEqual(['web', 'agent360']);
  });
});
