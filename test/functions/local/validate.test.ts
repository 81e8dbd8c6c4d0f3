import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runValidate } from '../../../functions/local/validate.ts';
import { aDocument, aManifest } from '../../support/a-document.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plimsoll-validate-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A folder with these files. */
async function folder(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = join(root, name);
  await mkdir(path, { recursive: true });
  await Promise.all(Object.entries(files).map(([file, content]) => writeFile(join(path, file), content)));
  return path;
}

async function validate(...paths: readonly string[]) {
  const lines: string[] = [];
  const code = await runValidate(paths, (line) => lines.push(line.replaceAll(`${root}/`, '')));
  return { code, lines };
}

const BINDINGS = [
  'apiVersion: plimsoll/v1',
  'kind: Bindings',
  'spec:',
  '  horizontalPodAutoscalers:',
  '    shop: { target: { kind: ecs-service, cluster: prod, service: shop } }',
  '    other: { target: { kind: ecs-service, cluster: prod, service: other } }',
].join('\n');

describe('plimsoll validate', () => {
  it('prints a line per document and exits 0 when all is well', async () => {
    const text = `# hint\n${aDocument()}---\n${aDocument({ bounds: '{ min: 1, max: 4 }' }, 'api')}`;
    const path = await folder('good', { 'web.yaml': text, 'notes.txt': 'not a policy' });
    expect(await validate(path)).toEqual({
      code: 0,
      lines: [
        'good/web.yaml:2 ScalingPolicy web: ecs-service/prod/web, 2..20, 2 alarms',
        'good/web.yaml:10 ScalingPolicy api: ecs-service/prod/api, 1..4, 2 alarms',
      ],
    });
  });

  it('prints a line per problem, and nothing else, and exits 1', async () => {
    const path = await folder('bad', { 'a.yml': aDocument({ bounds: '{ min: 9, max: 3 }' }), 'b.yaml': '' });
    expect(await validate(path)).toEqual({
      code: 1,
      lines: [
        'bad/a.yml:6:18 spec.bounds.min: 9 is more than max 3 (lower min or raise max)',
        'bad/b.yaml:1:1 document: the file is empty (write a policy, or delete the file)',
      ],
    });
  });

  it('refuses a file with another name in one line, and takes JSON', async () => {
    const path = await folder('named', {
      'README.md': '# Notes\n- [a](b): "c\n',
      'web.json': '{"kind": "Policy"}',
    });
    const { code, lines } = await validate(join(path, 'README.md'), join(path, 'web.json'));
    expect(code).toBe(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe(
      'named/README.md:1:1 document: not the name of a policy file (name one that ends with .yaml, .yml or .json, or a folder)',
    );
    expect(lines[1]).toMatch(/^named\/web\.json:1:/);
  });

  it('says what it could not find or read', async () => {
    const empty = await folder('empty', {});
    const latin = await folder('latin', { 'a.yaml': new Uint8Array([0x6b, 0x3a, 0x20, 0xe9, 0x0a]) });
    const large = await folder('large', { 'a.yaml': `# ${'x'.repeat(10_000_000)}` });
    expect(await validate(join(root, 'absent.yaml'), empty, latin, large)).toEqual({
      code: 1,
      lines: [
        'absent.yaml:1:1 document: no such file or folder (correct the path)',
        'empty:1:1 document: the folder holds no .yaml or .yml file (add a policy, or name another folder)',
        'latin/a.yaml:1:1 document: the file is not text in UTF-8 (save it as UTF-8)',
        'large/a.yaml:1:1 document: the file has 10000002 bytes; the limit is 1048576 (split it into several files)',
      ],
    });
  });

  it('reads the bindings beside a manifest that is named alone, and leaves out what they say of others', async () => {
    const manifest = aManifest({}, '{}');
    const path = await folder('hpa', { 'shop.yaml': manifest, 'bindings.yaml': BINDINGS });
    expect(await validate(join(path, 'shop.yaml'))).toEqual({
      code: 0,
      lines: ['hpa/shop.yaml:1 HorizontalPodAutoscaler shop: ecs-service/prod/shop, 1..10, 2 alarms'],
    });
    expect((await validate(path)).lines).toEqual([
      'hpa/bindings.yaml:6:5 spec.horizontalPodAutoscalers.other: no HorizontalPodAutoscaler "other" in this folder (correct the name, or remove the binding)',
    ]);
  });

  it('reads a file once that is named twice', async () => {
    const path = await folder('twice', { 'web.yaml': aDocument() });
    expect(await validate(path, join(path, 'web.yaml'))).toMatchObject({ code: 0 });
  });

  it('finds the policies of this repository and every example of it sound', async () => {
    expect((await validate()).code).toBe(0);
    const all = await validate('policies', 'policies/examples', 'policies/examples/hpa');
    expect(all).toMatchObject({ code: 0 });
    expect(all.lines.length).toBeGreaterThanOrEqual(15);
  });
});
