import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { runConform } from '../../../functions/local/conform.ts';

const BEHAVIOR = fileURLToPath(new URL('../../fixtures/hpa/behavior-public.json', import.meta.url));

interface TestVector {
  readonly id: string;
  readonly kind: string;
  readonly expect?: Record<string, unknown>;
}

const vectorsOf = (file: string): readonly TestVector[] => JSON.parse(readFileSync(file, 'utf8')).vectors;

function fileOf(content: unknown): string {
  const file = join(mkdtempSync(join(tmpdir(), 'conform-')), 'vectors.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

async function conform(files: readonly string[], check = false) {
  const lines: string[] = [];
  const exitCode = await runConform(files, check, (line) => lines.push(line));
  return { exitCode, lines };
}

const vectors = (...list: readonly unknown[]) => fileOf({ format: 'hpa-conformance/1', vectors: list });

describe('plimsoll conform', () => {
  it('prints one JSON line per vector, with the keys that are expected', async () => {
    const { exitCode, lines } = await conform([BEHAVIOR]);
    expect(exitCode).toBe(0);
    expect(lines).toHaveLength(78);
    expect(lines[0]).toBe('{"id":"behavior/rate/01","actual":{"replicas":7,"limitedBy":"none"}}');
  });

  it('never reads what is expected: another expectation fails the check and leaves the line as it is', async () => {
    const all = vectorsOf(BEHAVIOR);
    const changed = all.map((vector) => ({
      ...vector,
      expect: Object.fromEntries(Object.keys(vector.expect ?? {}).map((key) => [key, 'something else'])),
    }));
    expect((await conform([vectors(...changed)])).lines).toEqual((await conform([BEHAVIOR])).lines);
    const checked = await conform([vectors(...changed)], true);
    expect(checked.lines.at(-1)).toBe('0 passed, 78 failed');
    expect(checked.exitCode).toBe(1);
  });

  it('names each difference', async () => {
    const [first, ...others] = vectorsOf(BEHAVIOR);
    const file = vectors({ ...first, expect: { replicas: 8, limitedBy: null } }, ...others.slice(0, 2));
    expect(await conform([file], true)).toEqual({
      exitCode: 1,
      lines: ['behavior/rate/01: replicas: expected 8, got 7', '2 passed, 1 failed'],
    });
  });

  it('answers with all it knows where nothing is expected', async () => {
    const [first] = vectorsOf(BEHAVIOR);
    const file = vectors({ ...first, expect: undefined });
    expect((await conform([file])).lines).toEqual([
      '{"id":"behavior/rate/01","actual":{"replicas":7,"limitedBy":"none"}}',
    ]);
    expect((await conform([file], true)).lines).toEqual([
      'behavior/rate/01: skipped, it expects nothing',
      '0 passed, 0 failed, 1 skipped',
    ]);
  });

  it('takes several files', async () => {
    const [first, second] = vectorsOf(BEHAVIOR);
    expect((await conform([vectors(first), vectors(second)], true)).lines).toEqual(['2 passed, 0 failed']);
  });

  test.each([
    { vector: { kind: 'queueing' }, reason: 'the kind queueing is not known' },
    { vector: { kind: 'cycle', profile: 'v3' }, reason: 'the profile v3 is not known' },
    { vector: { kind: 'cycle', profile: 'classic-zero' }, reason: expect.stringContaining('1.37') },
    {
      vector: { kind: 'cycle', features: { scaleToZero: 'classic' } },
      reason: expect.stringContaining('1.37'),
    },
  ])('skips what it does not take, with the reason: $vector', async ({ vector, reason }) => {
    const { exitCode, lines } = await conform([vectors({ id: 'x', expect: { replicas: 1 }, ...vector })]);
    expect(lines.map((line) => JSON.parse(line))).toEqual([{ id: 'x', skipped: reason }]);
    expect(exitCode).toBe(0);
  });

  it('says of a vector that lacks something what it lacks, and answers the others', async () => {
    const [first] = vectorsOf(BEHAVIOR);
    const file = vectors({ id: 'x', kind: 'perPodUsage', statusReplicas: 1, expect: { usage: 1 } }, first);
    const { exitCode, lines } = await conform([file]);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { id: 'x', error: 'total: write a whole number, or its digits in quotes' },
      { id: 'behavior/rate/01', actual: { replicas: 7, limitedBy: 'none' } },
    ]);
    expect(exitCode).toBe(1);
    expect((await conform([file], true)).lines.at(-1)).toBe('1 passed, 1 failed');
  });

  it('keeps whole numbers beyond 2^53', async () => {
    const file = vectors({ id: 'x', kind: 'perPodUsage', total: '9223372036854775807', statusReplicas: 1 });
    expect((await conform([file])).lines).toEqual(['{"id":"x","actual":{"usage":"9223372036854775807"}}']);
  });

  test.each([
    { file: () => fileOf('{'), problem: /vectors\.json: is not JSON/ },
    {
      file: () => fileOf({ vectors: [{ kind: 'cycle' }] }),
      problem: /vectors\.json: is no file of vectors, vectors\.0\.id/,
    },
    { file: () => fileOf({ format: 'other', vectors: [] }), problem: /is no file of vectors, format/ },
    {
      file: () => join(tmpdir(), 'no-such-vectors.json'),
      problem: /no-such-vectors\.json: no such file \(correct the path\)/,
    },
    { file: () => tmpdir(), problem: /: is a folder \(name a file\)/ },
    { file: () => vectors(), problem: /holds no vector/ },
  ])('refuses a file that is none: $problem', async ({ file, problem }) => {
    await expect(conform([file()])).rejects.toThrow(problem);
  });

  it('asks for a file', async () => {
    await expect(conform([])).rejects.toThrow('conform: name a file of vectors');
  });
});
