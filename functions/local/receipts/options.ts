import { parseArgs } from 'node:util';
import { ControllerError } from '../../../shared/core/controller-error.ts';

/** What a command about receipts was asked for, checked. */
export interface ReceiptOptions {
  /** What stands without a flag. */
  readonly paths: readonly string[];
  readonly id: string | null;
  /** A running controller to fetch receipts from, and whose. */
  readonly api: { readonly url: string; readonly target: string } | null;
  readonly all: boolean;
  readonly json: boolean;
}

const FLAGS = {
  id: { type: 'string' },
  url: { type: 'string' },
  target: { type: 'string' },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** The options that a command takes. */
export type ReceiptFlag = keyof typeof FLAGS;

/** Commands about one decision. */
const READS_ONE = ['explain', 'why-not'];

/**
 * Checks the arguments of a command about receipts.
 * @throws ControllerError `invalid` that names the argument that is wrong, and the fix.
 */
export function parseReceiptOptions(
  command: string,
  flags: readonly ReceiptFlag[],
  rawArgs: readonly string[],
): ReceiptOptions {
  const { values, positionals } = parsed(command, flags, rawArgs);
  const { id, url, target, all, json } = values;
  if (READS_ONE.includes(command) && positionals.length > 1)
    throw refusal(`${positionals[1]}: ${command} reads one file (name one, or join them with cat)`);
  if (id === '') throw refusal('--id: is empty (name a decision, as events and receipts do)');
  return {
    paths: positionals,
    id: id ?? null,
    api: apiOf(url, target, positionals, command === 'diff' ? 1 : 0),
    all: all ?? false,
    json: json ?? false,
  };
}

function parsed(command: string, flags: readonly ReceiptFlag[], rawArgs: readonly string[]) {
  const options = Object.fromEntries(flags.map((flag) => [flag, FLAGS[flag]]));
  try {
    const { values, positionals } = parseArgs({ args: [...rawArgs], options, allowPositionals: true });
    return { values: values as Flags, positionals };
  } catch (cause) {
    const [problem] = (cause instanceof Error ? cause.message : String(cause)).split('. ');
    throw refusal(`${problem} (npm run -s plimsoll -- ${command} --help)`, cause);
  }
}

interface Flags {
  readonly id?: string;
  readonly url?: string;
  readonly target?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

function apiOf(
  url: string | undefined,
  target: string | undefined,
  paths: readonly string[],
  pathsBefore: number,
): ReceiptOptions['api'] {
  if (url === undefined) {
    if (target !== undefined) throw refusal('--target: belongs to --url (name the controller too)');
    return null;
  }
  if (!URL.canParse(url)) throw refusal(`--url ${url}: is not a URL (write http://127.0.0.1:3006)`);
  if (target === undefined || target === '')
    throw refusal('--url: whose receipts? (add --target with the name of a policy)');
  if (paths.length > pathsBefore)
    throw refusal(`${paths.at(-1)}: read a file or --url, not both (leave one out)`);
  return { url, target };
}

const refusal = (message: string, cause?: unknown): ControllerError =>
  new ControllerError('invalid', message, { retryable: false, cause });
