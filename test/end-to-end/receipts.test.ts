import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../functions/local/run-report.ts';
import { run } from './child.ts';

const TIMEOUT = 120_000;

let root = '';
let path = '';
let report: RunReport;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plimsoll-run-'));
  path = join(root, 'receipts.jsonl');
}, TIMEOUT);
afterAll(() => rm(root, { recursive: true, force: true }));

describe('the receipts of a run', () => {
  it(
    'are all in the file, holds too, beside the report',
    async () => {
      const args = `start --for 1h --speed max --json --port 0 --receipts ${path}`.split(' ');
      const ended = await run(args);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      report = JSON.parse(ended.stdout) as RunReport;
      const holds = Object.values(report.decisions.hold).reduce((sum, count) => sum + count, 0);
      const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
      expect(lines).toHaveLength(report.decisions.resize + holds);
    },
    TIMEOUT,
  );

  it(
    'replay to the same bytes',
    async () => {
      const ended = await run(['replay', path]);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toMatch(/^(\d+) receipts decided again: \1 the same, 0 different\.\n$/);
    },
    TIMEOUT,
  );

  it(
    'are explained, answered for and compared in words, and no terminal means no colours',
    async () => {
      for (const [args, first] of [
        [['explain', path], /^\w+ {2}(hold at \d+|\d+ → \d+) \([a-z-]+\)\n/],
        [['why-not', path], /^\w+ {2}hold at \d+ \([a-z-]+\)\n/],
        [
          ['diff', 'policies', path],
          /^0 of \d+ decisions would have been others under policies, 0 with another size\.\n$/,
        ],
      ] as const) {
        const ended = await run(args);
        expect(ended).toMatchObject({ code: 0, stderr: '' });
        expect(ended.stdout).toMatch(first);
        expect(ended.stdout).not.toContain('\u001b');
      }
    },
    TIMEOUT,
  );

  it('are refused in a sentence where they cannot be written or read', async () => {
    const unwritable = await run(['start', '--receipts', root, '--speed', 'max', '--port', '0']);
    expect(unwritable.code).toBe(1);
    expect(unwritable.stderr).toMatch(/^--receipts .*: is a folder \(name a file\)\n$/);
    const unknown = await run(['explain', '--colour', path]);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toBe("Unknown option '--colour' (npm run -s plimsoll -- explain --help)\n");
  }, 60_000);
});
