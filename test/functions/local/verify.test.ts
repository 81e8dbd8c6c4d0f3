import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReceiptOptions } from '../../../functions/local/receipts/options.ts';
import { runReplay } from '../../../functions/local/receipts/replay.ts';
import { parseVerifyOptions, runVerify } from '../../../functions/local/verify.ts';
import { aDocument } from '../../support/a-document.ts';
import { NOW } from '../../support/now.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plimsoll-verify-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function file(name: string, text: string): Promise<string> {
  await mkdir(root, { recursive: true });
  const path = join(root, name);
  await writeFile(path, text);
  return path;
}

async function verify(...args: readonly string[]) {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line.replaceAll(`${root}/`, ''));
  const code = await runVerify(parseVerifyOptions(args), NOW, print);
  return { code, lines };
}

const SWING =
  '[ { type: expression, desired: "(size == 3 ? 5 : 3) + 0 * queue", metrics: [ { preset: queue-length, queueName: q, id: queue } ] } ]';
const CUTLESS = '{ scaleDown: { selectPolicy: Disabled } }';

describe('plimsoll verify', () => {
  it('ends with what it looked at, and exits 0 when nothing is wrong', async () => {
    const path = await file('good.yaml', `${aDocument()}---\n${aDocument({}, 'api')}`);
    const { code, lines } = await verify(path);
    expect(code).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^2 policies: [\d,]+ decisions looked at in \d+\.\d s; 0 errors, 0 warnings$/);
  });

  it('exits 1 for an error, and names the line of the policy, the sizes and the fix', async () => {
    const path = await file(
      'bad.yaml',
      `# hint\n${aDocument({ strategies: SWING })}---\n${aDocument({ behavior: CUTLESS }, 'api')}`,
    );
    const { code, lines } = await verify(path);
    expect(code).toBe(1);
    expect(lines.slice(0, -1)).toEqual([
      'bad.yaml:2 web: error: flapping: Under a constant load (messages waiting 0 at 3) the size goes 3 → 5 → 3, and so on without end. (move the thresholds of scale-out and scale-in further apart, or change by less)',
      'bad.yaml:10 api: error: hidden-scale-in: No load leads to scale-in from any size, although min is 2: the behavior block does not let it. (allow scale-in in behavior.scaleDown)',
      '  CPU 0 % is below the target of 70 %: 3 × 0 / 70 = 0, so 0. The behavior block disables scale-in. Hold at 3: it is held (direction-disabled).',
    ]);
    expect(lines.at(-1)).toMatch(/; 2 errors, 0 warnings$/);
  });

  it('exits 0 for warnings and notes, which it counts', async () => {
    const schedule = '{ windows: [ { name: idle, start: "0 8 * * *", end: "0 18 * * *", min: 2 } ] }';
    const path = await file('warning.yaml', aDocument({ schedule, paused: '{ in: true }' }));
    const { code, lines } = await verify(path);
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatch(
      /^1 policy: [\d,]+ decisions and 1,054,080 minutes of schedules looked at in \d+\.\d s; 0 errors, 1 warning, 1 note$/,
    );
  });

  it('prints problems of validation as validate does, and nothing else', async () => {
    const path = await file('invalid.yaml', aDocument({ bounds: '{ min: 9, max: 3 }' }));
    expect(await verify(path)).toEqual({
      code: 1,
      lines: ['invalid.yaml:6:18 spec.bounds.min: 9 is more than max 3 (lower min or raise max)'],
    });
  });

  it('writes the counter-examples for replay, which finds them the same', async () => {
    const path = await file('replayed.yaml', aDocument({ strategies: SWING }));
    const receipts = join(root, 'receipts.jsonl');
    const { lines } = await verify(path, '--receipts', receipts);
    expect(lines.at(-2)).toBe('2 receipts in receipts.jsonl: npm run -s plimsoll -- replay receipts.jsonl');
    expect((await readFile(receipts, 'utf8')).trimEnd().split('\n')).toHaveLength(2);
    const said: string[] = [];
    const paper = {
      line: (text: string) => said.push(text),
      problem: (text: string) => said.push(text),
      style: (_: string, text: string) => text,
      width: 100,
    };
    expect(await runReplay(parseReceiptOptions('replay', ['json'], [receipts]), paper)).toBe(0);
    expect(said).toEqual(['2 receipts decided again: 2 the same, 0 different.']);
  });

  it('writes an empty file where there is no counter-example', async () => {
    const path = await file('none.yaml', aDocument());
    const receipts = join(root, 'empty.jsonl');
    // Replay refuses a file without receipts, so it is not sent there.
    expect((await verify(path, '--receipts', receipts)).lines[0]).toBe('0 receipts in empty.jsonl');
    expect(await readFile(receipts, 'utf8')).toBe('');
  });

  it('prints one JSON object per finding with --json, and nothing else', async () => {
    const path = await file('json.yaml', aDocument({ strategies: SWING }));
    const { code, lines } = await verify(path, '--json');
    expect(code).toBe(1);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        file: path.replace(`${root}/`, ''),
        line: 1,
        check: 'flapping',
        severity: 'error',
        policy: 'web',
        message: expect.stringContaining('3 → 5 → 3'),
        fix: expect.any(String),
        path: '3 → 5 → 3',
        receipts: [expect.stringMatching(/^verify-web-\d+$/), expect.stringMatching(/^verify-web-\d+$/)],
      },
    ]);
  });

  it('looks at the folder policies unless told otherwise, and refuses what it does not know', async () => {
    expect(parseVerifyOptions([])).toEqual({ paths: ['policies'], receipts: null, json: false });
    expect(() => parseVerifyOptions(['--recipts', 'x'])).toThrow(/Unknown option '--recipts'.*verify --help/);
    expect(() => parseVerifyOptions(['--receipts='])).toThrow('--receipts: is empty (name a file)');
    const path = await file('unwritable.yaml', aDocument());
    await expect(verify(path, '--receipts', join(root, 'absent', 'x'))).rejects.toThrow(
      /absent.x: no such folder \(correct the path\)/,
    );
  });
});
