import { stripVTControlCharacters } from 'node:util';
import { type ArgsDef, type CommandDef, parseArgs, renderUsage } from 'citty';
import { nearest } from '../../shared/config/nearest.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';

/** A command as ours are written: nothing in it has to be waited for. */
export interface Command {
  readonly meta: { readonly name: string; readonly version?: string; readonly description: string };
  readonly args?: ArgsDef;
  readonly subCommands?: Readonly<Record<string, Command>>;
  readonly run?: (given: Given) => Promise<void>;
}

/** What stands behind the name of a command. */
export interface Given {
  readonly rawArgs: readonly string[];
  /** By name, with defaults; what stands without a flag is in `_`. */
  readonly args: Readonly<Record<string, unknown>>;
}

interface Place {
  readonly command: Command;
  readonly parent?: Command;
  /** The words that lead there, without the first. */
  readonly path: readonly string[];
  readonly rest: readonly string[];
}

/**
 * Runs the command that the arguments name, or prints the help that they ask for.
 * @throws ControllerError `invalid` for a command that there is not.
 */
export async function runCommandLine(root: Command, argv: readonly string[]): Promise<void> {
  const place = placeOf({ command: root, path: [], rest: argv });
  const { command, rest, path } = place;
  if (argv.some((arg) => arg === '--help' || arg === '-h')) return print(await helpOf(place));
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v'))
    return print(root.meta.version ?? '');
  if (command.run !== undefined)
    return command.run({ rawArgs: rest, args: parseArgs([...rest], flagsOf(command)) });
  const [word] = rest;
  if (word === undefined) print(await helpOf(place));
  throw refusal(notACommand(word, path, Object.keys(command.subCommands ?? {})));
}

function placeOf(place: Place): Place {
  const { command, path, rest } = place;
  const [word = '', ...others] = rest;
  const commands = command.subCommands ?? {};
  const next = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (next === undefined) return place;
  return placeOf({ command: next, parent: command, path: [...path, word], rest: others });
}

function notACommand(word: string | undefined, path: readonly string[], known: readonly string[]): string {
  const help = `npm run -s plimsoll -- ${[...path, '--help'].join(' ')}`;
  const where = path.length === 0 ? '' : `${path.join(' ')}: `;
  if (word === undefined) return `${where}no command (name one of ${known.join(', ')})`;
  if (word.startsWith('-'))
    return `${where}${word}: stands before a command (name the command first: ${help})`;
  const near = nearest(word, known);
  return `${where}${word}: is not a command (${near === null ? '' : `did you mean ${near}? `}${help})`;
}

const positionalsOf = ({ args = {} }: Command) =>
  Object.entries(args).filter(([, { type }]) => type === 'positional');

// Our commands say themselves, and in one line, what is missing of their words.
const flagsOf = ({ args = {} }: Command): ArgsDef =>
  Object.fromEntries(Object.entries(args).filter(([, { type }]) => type !== 'positional'));

/** The help of a command, in colours where a terminal shows them. */
async function helpOf({ command, parent }: Place): Promise<string> {
  const drawn = await renderUsage(command as CommandDef, parent as CommandDef | undefined);
  const hasColours = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  const text = hasColours ? drawn : stripVTControlCharacters(drawn);
  const hasFlags = Object.keys(flagsOf(command)).length > 0;
  return positionalsOf(command).reduce(
    (help, [name, { valueHint }]) => {
      if (valueHint === undefined) return help;
      const upper = name.toUpperCase();
      return help.replace(`${upper}=<${valueHint}>`, valueHint).replace(`<${upper}>`, valueHint);
    },
    hasFlags ? text : text.replace(' [OPTIONS]', ''),
  );
}

function print(text: string): void {
  process.stdout.write(`${text.trimEnd().replace(/ +$/gm, '')}\n`);
}

const refusal = (message: string): ControllerError =>
  new ControllerError('invalid', message, { retryable: false });
