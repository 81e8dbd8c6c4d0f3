import type { ArgsDef } from 'citty';
import type { Command } from '../command-line.ts';
import { parseReceiptOptions, type ReceiptFlag, type ReceiptOptions } from './options.ts';
import { type Paper, terminal } from './paper.ts';

/** Runs a command, and ends with a sentence where it is refused. */
type Guarded = (run: () => Promise<void>) => Promise<void>;

type Run = (options: ReceiptOptions, paper: Paper) => Promise<number>;

const SOURCE: readonly ReceiptFlag[] = ['url', 'target', 'json'];

const DESCRIPTIONS: Readonly<Record<ReceiptFlag, ArgsDef[string]>> = {
  id: { type: 'string', description: 'Which decision (default: the newest that will do)', valueHint: 'ID' },
  url: {
    type: 'string',
    description: 'Ask a running controller instead of reading a file',
    valueHint: 'URL',
  },
  target: { type: 'string', description: 'Whose receipts, with --url', valueHint: 'NAME' },
  all: { type: 'boolean', description: 'Show the receipts that stay the same as well' },
  json: { type: 'boolean', description: 'One JSON object per line' },
};

const FROM = 'Receipts, one on a line (- or none: standard input)';
const ONE: ArgsDef = { file: { type: 'positional', required: false, description: FROM } };
const SEVERAL: ArgsDef = { 'file…': { type: 'positional', required: false, description: FROM } };

/** The commands about receipts; what they need is loaded when they run. */
export const receiptCommands = (guarded: Guarded): Readonly<Record<string, Command>> => {
  const command = (
    name: string,
    description: string,
    words: ArgsDef,
    flags: readonly ReceiptFlag[],
    load: () => Promise<Run>,
  ): Command => ({
    meta: { name, description },
    args: { ...words, ...Object.fromEntries(flags.map((flag) => [flag, DESCRIPTIONS[flag]])) },
    run: ({ rawArgs }) =>
      guarded(async () => {
        const options = parseReceiptOptions(name, flags, rawArgs);
        const run = await load();
        process.exitCode = await run(options, terminal());
      }),
  });
  return {
    explain: command(
      'explain',
      'Say why: one decision from its receipt, in plain sentences',
      ONE,
      ['id', ...SOURCE],
      async () => (await import('./explain.ts')).runExplain,
    ),
    'why-not': command(
      'why-not',
      'Say what would have turned a hold into a resize: the smallest change of one input',
      ONE,
      ['id', ...SOURCE],
      async () => (await import('./why-not.ts')).runWhyNot,
    ),
    replay: command(
      'replay',
      'Decide receipts again: exit 0 when all are the same to the byte, 1 with a line per difference',
      SEVERAL,
      SOURCE,
      async () => (await import('./replay.ts')).runReplay,
    ),
    diff: command(
      'diff',
      'Say what other policies would have decided',
      { policies: { type: 'positional', description: 'File or folder of policies' }, ...SEVERAL },
      ['all', ...SOURCE],
      async () => (await import('./diff.ts')).runDiff,
    ),
  };
};
