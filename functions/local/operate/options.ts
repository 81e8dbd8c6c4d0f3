import { parseArgs } from 'node:util';
import { ControllerError } from '../../../shared/core/controller-error.ts';

/** Every option of the commands that act on a running controller. */
const FLAGS = {
  service: { type: 'string' },
  all: { type: 'boolean' },
  size: { type: 'string' },
  direction: { type: 'string' },
  percent: { type: 'string' },
  reason: { type: 'string' },
  'expires-in': { type: 'string' },
  force: { type: 'boolean' },
  replica: { type: 'string' },
  confirm: { type: 'string' },
  url: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** An option of the commands that act on a running controller. */
export type OperateFlag = keyof typeof FLAGS;

/** What a command was asked for. What the API checks is left to it. */
export interface OperateOptions {
  /** What stands without a flag: the kind of an override, or an emergency action. */
  readonly word: string | null;
  readonly url: string;
  readonly json: boolean;
  /** The fields of the request, as the API names them. */
  readonly fields: Readonly<Record<string, string | number | true>>;
}

const DEFAULT_URL = 'http://127.0.0.1:3006';

/**
 * Reads the arguments of a command that acts on a running controller.
 * @throws ControllerError `invalid` that names the argument that is wrong, and the fix.
 */
export function parseOperateOptions(
  command: string,
  flags: readonly OperateFlag[],
  rawArgs: readonly string[],
): OperateOptions {
  const { values, positionals } = parsed(command, flags, rawArgs);
  const { url = DEFAULT_URL, json = false, ...rest } = values;
  if (typeof url !== 'string' || !URL.canParse(url))
    throw refusal(`--url ${String(url)}: is not a URL (write ${DEFAULT_URL})`);
  const [word = null, stray] = positionals;
  if (stray !== undefined) throw refusal(`${stray}: belongs to no option (write --name value)`);
  const fields = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name === 'expires-in' ? 'expiresIn' : name,
      typeof value === 'string' ? plain(value) : true,
    ]),
  );
  return { word, url, json: json === true, fields: fields as OperateOptions['fields'] };
}

function parsed(command: string, flags: readonly OperateFlag[], rawArgs: readonly string[]) {
  const options = Object.fromEntries(flags.map((flag) => [flag, FLAGS[flag]]));
  try {
    const { values, positionals } = parseArgs({ args: [...rawArgs], options, allowPositionals: true });
    return { values: values as Readonly<Record<string, string | boolean>>, positionals };
  } catch (cause) {
    const [problem] = (cause instanceof Error ? cause.message : String(cause)).split('. ');
    throw refusal(`${problem} (npm run -s plimsoll -- ${command} --help)`, cause);
  }
}

/** A number where it is one; the API says what is wrong with everything else. */
const plain = (text: string): string | number => (/^\d{1,9}$/.test(text) ? Number(text) : text);

const refusal = (message: string, cause?: unknown): ControllerError =>
  new ControllerError('invalid', message, { retryable: false, cause });
