import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDiff } from '../../../../functions/local/receipts/diff.ts';
import { runExplain } from '../../../../functions/local/receipts/explain.ts';
import { parseReceiptOptions } from '../../../../functions/local/receipts/options.ts';
import { runReplay } from '../../../../functions/local/receipts/replay.ts';
import { runWhyNot } from '../../../../functions/local/receipts/why-not.ts';
import type { Receipt } from '../../../../shared/core/receipt.ts';
import { receiptLine } from '../../../../shared/core/receipt-text.ts';
import { plusSeconds } from '../../../../shared/core/time.ts';
import { aDocument } from '../../../support/a-document.ts';
import { aPolicy } from '../../../support/a-policy.ts';
import { aReceipt } from '../../../support/a-receipt.ts';
import { aSnapshot } from '../../../support/a-snapshot.ts';
import { aState } from '../../../support/a-state.ts';
import { NOW } from '../../../support/now.ts';
import { APaper } from './a-paper.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plimsoll-receipts-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const resize = aReceipt({ id: 'out', snapshot: aSnapshot({ metrics: { cpu: 83.2 } }) });
const cooling = aReceipt({
  id: 'cooling',
  now: plusSeconds(NOW, 60),
  policy: aPolicy({ bounds: { max: 20 } }),
  state: aState({ lastOut: { at: plusSeconds(NOW, -156), from: 3, to: 4 } }),
  snapshot: aSnapshot({ metrics: { cpu: 35 } }),
});
const calm = aReceipt({
  id: 'calm',
  now: plusSeconds(NOW, 30),
  snapshot: aSnapshot({ metrics: { cpu: 71.3 } }),
});
const ALL = [resize, cooling, calm];

/** A file with these lines. */
async function file(name: string, lines: readonly (Receipt | string)[]): Promise<string> {
  const path = join(root, name);
  const texts = lines.map((line) => (typeof line === 'string' ? line : receiptLine(line)));
  await writeFile(path, `${texts.join('\n')}\n`);
  return path;
}

const RUN = { explain: runExplain, 'why-not': runWhyNot, replay: runReplay, diff: runDiff } as const;

async function run(command: keyof typeof RUN, ...args: readonly string[]) {
  const paper = new APaper();
  const options = parseReceiptOptions(command, ['id', 'url', 'target', 'all', 'json'], args);
  const code = await RUN[command](options, paper);
  const text = paper.text.replaceAll(`${root}/`, '');
  return { code, text, problems: paper.problems.map((problem) => problem.replaceAll(`${root}/`, '')) };
}

describe('plimsoll explain', () => {
  it('explains the newest decision on a short page', async () => {
    const { code, text } = await run('explain', await file('all.jsonl', ALL));
    expect(code).toBe(0);
    expect(`\n${text}\n`).toBe(`
web  hold at 4 (cooldown-in)
2026-03-02 10:04:06 UTC · ecs-service/prod/web · decision cooling

  asked     It was due.
  seen      4 asked for, 4 running, 4 ready; the policy allows 2 to 20.
  wish      CPU 35 % is below the target of 70 %: 4 × 35 / 70 = 2, so 2.
  veto      by cooldown-in: Scale-in cooldown ends at 10:05:30, in 84 s.
  cooldown  The scale-in cooldown ends at 10:05:30, in 84 s.
  outcome   Hold at 4: it is held (cooldown-in).
`);
  });

  it('shows a clamp with the size before and after, and wraps long sentences under their beginning', async () => {
    const many = aReceipt({
      policy: aPolicy({ bounds: { max: 10 } }),
      snapshot: aSnapshot({ metrics: { cpu: 400 } }),
    });
    const { text } = await run('explain', await file('many.jsonl', [many]));
    expect(text).toMatch(/^ {2}clamp {5}23 → 10 by bounds: /m);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('finds a decision by its id, and gives JSON with every part and the decision itself', async () => {
    const { text } = await run('explain', await file('all.jsonl', ALL), '--id', 'out', '--json');
    expect(JSON.parse(text)).toMatchObject({
      id: 'out',
      time: '2026-03-02T10:03:06.000Z',
      policy: 'web',
      target: 'ecs-service/prod/web',
      headline: '4 → 5 (policy)',
      decision: resize.decision,
    });
  });

  it('refuses when there is nothing to explain', async () => {
    const path = await file('all.jsonl', ALL);
    await expect(run('explain', path, '--id', 'nobody')).rejects.toThrow(
      '--id nobody: no receipt has that id (',
    );
    await expect(run('explain', await file('empty.jsonl', []))).rejects.toThrow('no receipt to look at (');
    await expect(run('explain', join(root, 'absent'))).rejects.toThrow(
      /absent: no such file \(correct the path\)/,
    );
    await expect(run('explain', root)).rejects.toThrow(/: is a folder \(name a file\)/);
  });

  it('refuses a second file', async () => {
    for (const command of ['explain', 'why-not'] as const)
      await expect(run(command, 'one.jsonl', 'two.jsonl')).rejects.toThrow(
        `two.jsonl: ${command} reads one file (name one, or join them with cat)`,
      );
  });
});

describe('plimsoll why-not', () => {
  it('names the smallest change for the newest hold', async () => {
    const { code, text } = await run('why-not', await file('all.jsonl', ALL));
    expect(code).toBe(0);
    expect(text.split('\n').slice(3)).toEqual([
      'It would have been a resize with one of these alone, smallest change first:',
      '  wait 84 s, until 10:05:30       4 → 2',
      '  CPU 35 % → 77.1 %  (+120.3 %)   4 → 5',
    ]);
  });

  it('says what stands in the way where nothing flips it, and that a resize is one', async () => {
    const blind = aReceipt({ snapshot: aSnapshot({ metrics: { cpu: 'stale' } }) });
    const { text } = await run('why-not', await file('blind.jsonl', [blind]));
    expect(text).toContain('No change of a single metric');
    expect(text.replaceAll('\n', ' ')).toContain('What is missing cannot be changed: CPU.');
    const path = await file('all.jsonl', ALL);
    expect((await run('why-not', path, '--id', 'out')).text).toContain('It is a resize; explain says why.');
  });

  it('says what stands on the line, what many units mean, and gives JSON', async () => {
    const onTheLine = aReceipt({ snapshot: aSnapshot({ metrics: { cpu: 77 } }) });
    const path = await file('line.jsonl', [onTheLine]);
    expect((await run('why-not', path)).text).toContain('CPU above 77 %, where it stands   4 → 5');
    const { changes } = JSON.parse((await run('why-not', path, '--json')).text);
    expect(changes[0]).toMatchObject({ kind: 'metric', metric: 'cpu', from: 77, any: true });
  });
});

describe('plimsoll replay', () => {
  it('counts receipts that are decided the same', async () => {
    const path = await file('all.jsonl', ALL);
    expect(await run('replay', path, path)).toEqual({
      code: 0,
      text: '6 receipts decided again: 6 the same, 0 different.',
      problems: [],
    });
  });

  it('names the first place that differs, and exits 1', async () => {
    const [step] = resize.decision.trace;
    const tampered = {
      ...resize,
      decision: { ...resize.decision, trace: [{ ...step, exact: 4.7 }] },
    } as Receipt;
    const path = await file('tampered.jsonl', [calm, tampered]);
    expect(await run('replay', path)).toEqual({
      code: 1,
      text: [
        'tampered.jsonl:2: web 2026-03-02 10:03:06 out: decision.trace[0].exact was 4.7 and is 4.7542857142857144',
        '2 receipts decided again: 1 the same, 1 different.',
      ].join('\n'),
      problems: [],
    });
    const lines = (await run('replay', path, '--json')).text.split('\n').map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { id: 'calm', same: true },
      { id: 'out', same: false, path: 'decision.trace[0].exact', was: '4.7' },
      { receipts: 2, same: 1, different: 1, bad: 0 },
    ]);
  });

  it('tells an order of fields, a field that is gone and a kind that changed', async () => {
    const { kind, ...rest } = calm.decision;
    const reordered = { ...calm, decision: { ...rest, kind } as Receipt['decision'] };
    const extra = { ...calm, decision: { ...calm.decision, ...{ extra: 'x'.repeat(100) } } };
    const other = { ...calm, decision: resize.decision };
    const { text } = await run('replay', await file('odd.jsonl', [reordered, extra, other]));
    expect(text).toContain('decision was in another order of fields and is in this one');
    expect(text).toMatch(/decision\.extra was "x{78}… and is absent/);
    expect(text).toContain('decision.kind was "resize" and is "hold"');
  });

  it('names a receipt that this version cannot decide', async () => {
    const strategies = [
      { kind: 'astrology', metric: { id: 'stars' } },
    ] as unknown as Receipt['policy']['strategies'];
    const { code, text } = await run(
      'replay',
      await file('alien.jsonl', [{ ...calm, policy: { ...calm.policy, strategies } }]),
    );
    expect(code).toBe(1);
    expect(text).toMatch(/alien\.jsonl:1: web .* decision was "hold" and is an error: /);
  });

  it('names every line that is no receipt, with the place and the fix, and goes on', async () => {
    const { problem, ...noNow } = { ...calm, problem: null, now: undefined };
    const path = await file('bad.jsonl', [
      '',
      '[]',
      'nonsense',
      '{"version":2}',
      JSON.stringify(noNow),
      calm,
    ]);
    expect(problem).toBeNull();
    const { code, text, problems } = await run('replay', path);
    expect(code).toBe(1);
    expect(text).toBe('1 receipt decided again: 1 the same, 0 different; 4 could not be read.');
    expect(problems).toEqual([
      expect.stringMatching(/^bad\.jsonl:2: receipt: expected object, received array \(take/),
      expect.stringMatching(/^bad\.jsonl:3: is not JSON: .* \(take receipts from npm start/),
      expect.stringMatching(/^bad\.jsonl:4: version: expected 1; id: is missing; now: is missing \(take/),
      expect.stringMatching(/^bad\.jsonl:5: now: is missing \(take/),
    ]);
  });

  it('refuses a file of something else in one line', async () => {
    const path = await file('notes.md', ['# Notes', '', 'many of them']);
    await expect(run('replay', path)).rejects.toThrow(
      /notes\.md: is no file of receipts \(take receipts from/,
    );
  });

  it('reads a whole answer of the API as well', async () => {
    const answer = JSON.stringify({ success: true, data: { receipts: [resize, calm], cursor: null } });
    expect((await run('replay', await file('answer.json', [answer]))).text).toContain('2 the same');
  });

  it('is not content with nothing', async () => {
    expect(await run('replay', await file('empty.jsonl', []))).toMatchObject({
      code: 1,
      text: 'No receipts.',
    });
  });
});

describe('plimsoll diff', () => {
  const policies = (name: string, text: string) => file(name, [text]);

  it('says what other policies would have decided, and counts', async () => {
    const lower = await policies(
      'lower.yaml',
      aDocument({ strategies: '[ { type: target-tracking, target: 50, metric: { preset: cpu } } ]' }),
    );
    const { code, text } = await run('diff', lower, await file('all.jsonl', ALL));
    expect(code).toBe(0);
    expect(text.split('\n')).toEqual([
      '2026-03-02 10:03:06  web  4 → 5 (policy)  ⇒  4 → 7 (policy)',
      '2026-03-02 10:03:36  web  hold at 4 (within-tolerance)  ⇒  4 → 6 (policy)',
      expect.stringMatching(
        /^2 of 3 decisions would have been others under .*lower\.yaml, 2 with another size\.$/,
      ),
    ]);
    expect((await run('diff', lower, await file('all.jsonl', ALL), '--all')).text).toContain(
      'hold at 4 (cooldown-in)  ⇒  hold at 4 (cooldown-in)',
    );
  });

  it('finds a policy by its target where the name is another, and says which metrics nobody read', async () => {
    const renamed = aDocument({
      strategies: '[ { type: target-tracking, target: 60, metric: { preset: memory } } ]',
    }).replace('metadata: { name: web }', 'metadata: { name: frontend }');
    const path = await policies('memory.yaml', renamed);
    const { text } = await run('diff', path, await file('one.jsonl', [resize]));
    expect(text).toContain('4 → 5 (policy)  ⇒  hold at 4 (blind)   not in the receipt: memory');
    const [line] = (await run('diff', path, await file('one.jsonl', [resize]), '--json')).text.split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ id: 'out', same: false, missing: ['memory'] });
  });

  it('shows another policy its own windows at that moment', async () => {
    const open = await policies(
      'windows.yaml',
      aDocument({
        schedule:
          '{ windows: [ { name: morning, timeZone: UTC, start: "0 10 * * *", end: "0 11 * * *", min: 9 } ] }',
      }),
    );
    expect((await run('diff', open, await file('one.jsonl', [calm]))).text).toContain('4 → 9 (schedule)');
  });

  it('refuses policies that are none, and receipts that no policy is for', async () => {
    const receipts = await file('all.jsonl', ALL);
    await expect(run('diff')).rejects.toThrow('no policies: name a file or folder of them first');
    await expect(run('diff', await policies('bad.yaml', 'kind: 7'), receipts)).rejects.toThrow('bad.yaml:1');
    const other = await policies('other.yaml', aDocument({}, 'other'));
    const { code, text } = await run('diff', other, receipts);
    expect(code).toBe(1);
    expect(text).toMatch(/^0 of 0 decisions .*; 3 have no policy in .*other\.yaml, by name or by target\.$/);
    expect((await run('diff', other, receipts, '--json')).text).toContain('no policy of that name or target');
    expect((await run('diff', other, await file('empty.jsonl', []))).text).toBe('No receipts.');
    expect(await run('diff', other, await file('bad.jsonl', ['{}']))).toMatchObject({ code: 1 });
  });
});

describe('the options of these commands', () => {
  const options = (...args: readonly string[]) =>
    parseReceiptOptions('explain', ['id', 'url', 'target', 'json'], args);

  it.each([
    [['--ident', 'x'], "Unknown option '--ident' (npm run -s plimsoll -- explain --help)"],
    [['--all'], "Unknown option '--all' (npm"],
    [['--id'], "Option '--id <value>' argument missing (npm"],
    [['--id', ''], '--id: is empty (name'],
    [['--target', 'web'], '--target: belongs to --url (name'],
    [['--url', 'nowhere', '--target', 'web'], '--url nowhere: is not a URL (write'],
    [['--url', 'http://127.0.0.1:3006'], '--url: whose receipts? (add --target'],
    [
      ['--url', 'http://127.0.0.1:3006', '--target', 'web', 'a.jsonl'],
      'a.jsonl: read a file or --url, not both',
    ],
  ])('refuses %j', (args, message) => {
    expect(() => options(...args)).toThrow(message);
  });

  it('takes a source and nothing else', () => {
    expect(options('-')).toEqual({ paths: ['-'], id: null, api: null, all: false, json: false });
    expect(options('--url', 'http://a', '--target', 'web', '--json')).toMatchObject({
      api: { url: 'http://a', target: 'web' },
      json: true,
    });
  });
});
