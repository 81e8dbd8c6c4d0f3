import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInit } from '../../../functions/local/init.ts';
import { runValidate } from '../../../functions/local/validate.ts';
import { policyOf } from '../../support/a-document.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plimsoll-init-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function init(...paths: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  await runInit(paths, (line) => lines.push(line.replaceAll(`${root}/`, '')));
  return lines;
}

describe('plimsoll init', () => {
  it('writes a first policy that validates as it stands, into a folder that need not exist', async () => {
    const path = join(root, 'new', 'first.yaml');
    expect(await init(path)).toEqual([
      'new/first.yaml is written. Name your cluster and service in it, then check it:',
      'npm run -s plimsoll -- validate new/first.yaml',
    ]);
    const lines: string[] = [];
    expect(await runValidate([path], (line) => lines.push(line))).toBe(0);
    expect(lines[0]).toContain('ScalingPolicy first: ecs-service/my-cluster/my-service, 2..10, 4 alarms');
  });

  it('suggests nothing in its comments that would be refused', async () => {
    const path = join(root, 'comments.yaml');
    await init(path);
    // A comment that shows fields has them behind "# ", in their place.
    const text = (await readFile(path, 'utf8')).replace(/^( *)# ((?: *- \{ | *)[a-zA-Z]+:.*)$/gm, '$1$2');
    const policy = policyOf(text);
    expect(policy).toMatchObject({
      fallback: { mode: 'higher', size: 4, afterMisses: 10 },
      schedule: { windows: [{ name: 'working-day', timeZone: 'Europe/Berlin', min: 4 }] },
      paused: { out: true, in: true },
    });
  });

  it('never overwrites', async () => {
    const path = join(root, 'mine.yaml');
    await writeFile(path, 'mine');
    await expect(init(path)).rejects.toThrow('mine.yaml: already there, and not touched (name another file)');
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it('says what it cannot write', async () => {
    await expect(init(join(root, 'first'))).rejects.toThrow('not the name of a policy file');
    await expect(init('a.yaml', 'b.yaml')).rejects.toThrow('b.yaml: init writes one file (name one)');
    await writeFile(join(root, 'file'), '');
    await expect(init(join(root, 'file', 'a.yaml'))).rejects.toThrow(/cannot be written: (ENOTDIR|EEXIST)/);
  });
});
