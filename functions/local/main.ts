// The SDK would tell a newcomer on Node 20 to upgrade, on the first screen; the README says which versions are supported.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

import { ControllerError } from '../../shared/core/controller-error.ts';
import { type Command, runCommandLine } from './command-line.ts';
import { operateCommands } from './operate/commands.ts';
import { receiptCommands } from './receipts/commands.ts';
import { scenarioCommand } from './scenario/command.ts';
import { targetGroupCommand } from './target-group/commands.ts';
import { endWithOutput } from './terminal.ts';
import { VERSION } from './version.ts';

const PATIENCE_MILLIS = 1000;

/** Ends the run in good order on Ctrl-C. A terminal sends it to npm, tsx and us, so it comes several times; a late one means it. */
function abortOnInterrupt(): AbortSignal {
  const abort = new AbortController();
  let firstAt = Number.POSITIVE_INFINITY;
  const interrupted = () => {
    if (performance.now() - firstAt > PATIENCE_MILLIS) process.exit(130);
    firstAt = Math.min(firstAt, performance.now());
    abort.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupted);
  return abort.signal;
}

/** A refusal is for the person at the terminal: its message, without a stack. */
async function orRefuse(run: () => Promise<void>): Promise<void> {
  await run().catch((error: unknown) => {
    const text =
      error instanceof ControllerError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text}\n`);
    process.exit(1);
  });
}

const start: Command = {
  meta: { name: 'start', description: 'Replay a recorded load against the policies, on this machine' },
  args: {
    policies: {
      type: 'string',
      default: 'policies',
      description: 'Folder or file with policies',
      valueHint: 'DIR',
    },
    trace: {
      type: 'string',
      default: 'wc98',
      description: 'wc98, nasa, or a CSV file of epoch_seconds,value',
      valueHint: 'FILE',
    },
    speed: {
      type: 'string',
      default: '60',
      description: 'Simulated seconds in a real one, or max',
      valueHint: 'N|max',
    },
    for: {
      type: 'string',
      description: 'Simulated length (default: 24h, or the whole of a shorter trace)',
      valueHint: '24h',
    },
    from: {
      type: 'string',
      description: 'Start this far into the trace (default: shortly before a climb)',
      valueHint: '432h',
    },
    seed: { type: 'string', default: '1', description: 'Same seed, same run', valueHint: 'N' },
    port: {
      type: 'string',
      description:
        'Port of the API on 127.0.0.1; 0 = a free one (default: 3006, or a free one with --speed max)',
      valueHint: 'N',
    },
    'unit-capacity': {
      type: 'string',
      description: 'Load that one unit carries at target',
      valueHint: 'LOAD',
    },
    receipts: {
      type: 'string',
      description: 'Write the receipt of every decision into this file, one on a line',
      valueHint: 'FILE',
    },
    json: { type: 'boolean', default: false, description: 'Print nothing but one JSON object at the end' },
    headless: { type: 'boolean', default: false, description: 'Plain lines instead of a screen' },
  },
  run: async ({ args }) => {
    await orRefuse(async () => {
      const { parseStartOptions } = await import('./start-options.ts');
      const options = parseStartOptions(args);
      const abort = abortOnInterrupt();
      const { start: startController } = await import('./start.ts');
      await startController(options, abort);
    });
  },
};

/** A command without options refuses any: a mistyped one must not pass for done. */
function refuseOptions(command: string, rawArgs: readonly string[], takes = 'no options'): void {
  const option = rawArgs.find((arg) => arg.startsWith('-'));
  if (option === undefined) return;
  throw refusal(`${option}: ${command} takes ${takes} (npm run -s plimsoll -- ${command} --help)`);
}

const refusal = (message: string): ControllerError =>
  new ControllerError('invalid', message, { retryable: false });

const PATHS = {
  type: 'positional',
  required: false,
  description: 'Files and folders of policies (default: policies)',
} as const;

const validate: Command = {
  meta: {
    name: 'validate',
    description: 'Check policy documents: exit 0 and a line each, or exit 1 and a line per problem',
  },
  args: { 'path…': PATHS },
  run: ({ rawArgs }) =>
    orRefuse(async () => {
      refuseOptions('validate', rawArgs);
      const { runValidate } = await import('./validate.ts');
      process.exitCode = await runValidate(rawArgs, (line) => process.stdout.write(`${line}\n`));
    }),
};

const init: Command = {
  meta: {
    name: 'init',
    description: 'Write a commented first policy; never overwrites',
  },
  args: {
    file: { type: 'positional', required: false, description: 'Where to (default: policies/first.yaml)' },
  },
  run: ({ rawArgs }) =>
    orRefuse(async () => {
      refuseOptions('init', rawArgs);
      const { runInit } = await import('./init.ts');
      await runInit(rawArgs, (line) => process.stdout.write(`${line}\n`));
    }),
};

const evaluate: Command = {
  meta: {
    name: 'evaluate',
    description: 'Decide: JSON lines {id, now, policy, snapshot, metrics, entry} in, {id, decision} out',
  },
  run: ({ rawArgs }) =>
    orRefuse(async () => {
      refuseOptions('evaluate', rawArgs);
      const [stray] = rawArgs;
      if (stray !== undefined) throw refusal(`${stray}: evaluate reads standard input (evaluate < ${stray})`);
      const { runEvaluate } = await import('./evaluate.ts');
      process.exitCode = await runEvaluate(process.stdin, (line) => process.stdout.write(`${line}\n`));
    }),
};

const verify: Command = {
  meta: {
    name: 'verify',
    description: 'Look for flapping, dead rules and bad windows in policies: exit 1 on an error',
  },
  args: {
    'path…': PATHS,
    receipts: { type: 'string', description: 'Write the counter-examples into this file', valueHint: 'FILE' },
    json: { type: 'boolean', description: 'One JSON object per finding' },
  },
  run: ({ rawArgs }) =>
    orRefuse(async () => {
      const { parseVerifyOptions, runVerify } = await import('./verify.ts');
      const { instant } = await import('../../shared/core/time.ts');
      const minute = Math.floor(Date.now() / 60_000) * 60_000;
      const print = (line: string) => process.stdout.write(`${line}\n`);
      process.exitCode = await runVerify(parseVerifyOptions(rawArgs), instant(minute), print);
    }),
};

const conform: Command = {
  meta: {
    name: 'conform',
    description: 'Answer autoscaling/v2 conformance vectors: a JSON line each',
  },
  args: {
    'file…': { type: 'positional', description: 'Files of vectors, in the format hpa-conformance/1' },
    check: { type: 'boolean', description: 'Compare the answers with what is expected instead' },
  },
  run: ({ rawArgs }) =>
    orRefuse(async () => {
      const files = rawArgs.filter((arg) => arg !== '--check');
      refuseOptions('conform', files, 'no option but --check');
      const { runConform } = await import('./conform.ts');
      const check = files.length < rawArgs.length;
      process.exitCode = await runConform(files, check, (line) => process.stdout.write(`${line}\n`));
    }),
};

const warm: Command = {
  meta: { name: 'warm', description: 'Run a warm plan from this machine, against the cache that it names' },
  args: {
    plan: { type: 'positional', description: 'The name of a WarmPlan', valueHint: 'PLAN' },
    policies: { type: 'string', description: 'Where the plan stands (default: policies)', valueHint: 'PATH' },
    json: { type: 'boolean', description: 'The report as one JSON object' },
  },
  run: ({ rawArgs }) =>
    orRefuse(async () => {
      const { parseWarmOptions, runWarmCommand } = await import('./warm.ts');
      process.exitCode = await runWarmCommand(parseWarmOptions(rawArgs), {
        line: (text) => process.stdout.write(`${text}\n`),
        progress: (text) => process.stderr.write(`${text}\n`),
      });
    }),
};

const plimsoll: Command = {
  meta: { name: 'plimsoll', version: VERSION, description: 'Autoscaling for AWS that shows its arithmetic' },
  subCommands: {
    start,
    init,
    validate,
    verify,
    evaluate,
    conform,
    scenario: scenarioCommand(orRefuse),
    warm,
    ...receiptCommands(orRefuse),
    ...operateCommands(orRefuse),
    'target-group': targetGroupCommand(orRefuse),
  },
};

endWithOutput();
await orRefuse(() => runCommandLine(plimsoll, process.argv.slice(2)));
