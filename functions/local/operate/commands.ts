import type { ArgsDef } from 'citty';
import type { Command } from '../command-line.ts';
import { checkNeeds, type OperateCommand } from './needed.ts';
import { type OperateFlag, type OperateOptions, parseOperateOptions } from './options.ts';

/** Runs a command, and ends with a sentence where it is refused. */
type Guarded = (run: () => Promise<void>) => Promise<void>;

type Runs = typeof import('./run.ts') & typeof import('./promote.ts');
type Run = (options: OperateOptions, line: (text: string) => void) => Promise<number>;

const KINDS = 'pin|floor|ceiling|pause';

const expiresIn = (otherwise: string): ArgsDef[string] => ({
  type: 'string',
  description: `When automation resumes, such as 45m, 2h or 1d (default: ${otherwise})`,
  valueHint: 'TIME',
});

const DESCRIPTIONS: Readonly<Record<OperateFlag, ArgsDef[string]>> = {
  service: { type: 'string', description: 'A policy, a service, or a target id', valueHint: 'NAME' },
  all: { type: 'boolean', description: 'Every target' },
  size: { type: 'string', description: 'Units, for a pin, a floor or a ceiling', valueHint: 'N' },
  direction: { type: 'string', description: 'What a pause stops (default: both)', valueHint: 'out|in|both' },
  percent: { type: 'string', description: 'How much a boost adds (default: 50)', valueHint: 'N' },
  reason: { type: 'string', description: 'Why; kept with the events', valueHint: 'TEXT' },
  'expires-in': expiresIn('1h'),
  force: { type: 'boolean', description: 'Lift the maximum of the policy; the reason must be a sentence' },
  replica: { type: 'string', description: 'Which one (default: the best of ours)', valueHint: 'ID' },
  confirm: {
    type: 'string',
    description: 'The token of the first step, instead of a question',
    valueHint: 'TOKEN',
  },
  url: {
    type: 'string',
    description: 'Where the controller answers (default: http://127.0.0.1:3006)',
    valueHint: 'URL',
  },
  json: { type: 'boolean', description: 'The data of the answer as one JSON object' },
};

const WHO: readonly OperateFlag[] = ['service', 'all'];
const WHERE: readonly OperateFlag[] = ['url', 'json'];
const WHY: readonly OperateFlag[] = ['reason', 'expires-in', 'force'];

/** What makes a command: what it needs is loaded when it runs. */
type Make = (
  name: OperateCommand,
  description: string,
  words: ArgsDef,
  flags: readonly OperateFlag[],
  pick: (runs: Runs) => Run,
) => Command;

const maker =
  (guarded: Guarded): Make =>
  (name, description, words, flags, pick) => ({
    meta: { name: name.split(' ').at(-1) ?? name, description },
    args: {
      ...Object.fromEntries(flags.map((flag) => [flag, DESCRIPTIONS[flag]])),
      ...words,
    },
    run: ({ rawArgs }) =>
      guarded(async () => {
        const options = parseOperateOptions(name, flags, rawArgs);
        checkNeeds(name, options);
        const run = pick({ ...(await import('./run.ts')), ...(await import('./promote.ts')) });
        process.exitCode = await run(options, (text) => process.stdout.write(`${text}\n`));
      }),
  });

/** The commands that act on a running controller. */
export const operateCommands = (guarded: Guarded): Readonly<Record<string, Command>> => {
  const command = maker(guarded);
  return {
    override: {
      meta: { name: 'override', description: 'Set, clear and list overrides at a running controller' },
      subCommands: {
        set: command(
          'override set',
          'Put an override in force: pin, floor, ceiling or pause (freeze all: pause --all)',
          { kind: { type: 'positional', description: 'What to set', valueHint: KINDS } },
          [...WHO, 'size', 'direction', ...WHY, ...WHERE],
          ({ runSet }) => runSet,
        ),
        clear: command(
          'override clear',
          'End overrides before their time: all of a target, of every target, or those of one kind',
          { kind: { type: 'positional', required: false, description: `${KINDS} (default: all)` } },
          [...WHO, ...WHERE],
          ({ runClear }) => runClear,
        ),
        list: command(
          'override list',
          'List the overrides in force',
          {},
          ['service', ...WHERE],
          ({ runList }) => runList,
        ),
      },
    },
    plan: command(
      'plan',
      'Show how the plan of each application stands: sizes, what waits for what, the connection budget',
      { application: { type: 'positional', required: false, description: 'One application (default: all)' } },
      WHERE,
      ({ runPlan }) => runPlan,
    ),
    emergency: command(
      'emergency',
      'Act at once: boost (half as many again) or circuit-breaker (down to the core size)',
      {
        action: { type: 'positional', description: 'What to do', valueHint: 'boost|circuit-breaker' },
        'expires-in': expiresIn('30m'),
      },
      [...WHO, 'percent', ...WHY, ...WHERE],
      ({ runEmergency }) => runEmergency,
    ),
    promote: command(
      'promote',
      'Put a replica in the place of its source, after a look at both and a question',
      {
        target: {
          type: 'positional',
          description: 'A policy, a source or cluster, or a target id',
          valueHint: 'NAME',
        },
        force: {
          type: 'boolean',
          description: 'Past a healthy source or an unknown or long lag; the reason must be a sentence',
        },
      },
      ['replica', 'reason', 'force', 'confirm', ...WHERE],
      ({ runPromote }) => runPromote,
    ),
  };
};
