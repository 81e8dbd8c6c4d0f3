import { parseArgs } from 'node:util';
import { nearest } from '../../../shared/config/nearest.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import {
  BALANCING_ALGORITHMS,
  type BalancingAlgorithm,
  type GroupTarget,
} from '../../../shared/ports/target-group.ts';

/** What is asked of a target group. */
export type TargetGroupOrder =
  | { readonly verb: 'health' }
  | { readonly verb: 'register'; readonly targets: readonly GroupTarget[] }
  | {
      readonly verb: 'deregister';
      readonly targets: readonly GroupTarget[];
      readonly drainSeconds: number | null;
    }
  | { readonly verb: 'maintenance'; readonly on: boolean }
  | { readonly verb: 'algorithm'; readonly type: BalancingAlgorithm };

/** An order, and the group that it is for. */
export interface TargetGroupOptions {
  readonly arn: string;
  /** The region that the ARN names. */
  readonly region: string;
  readonly json: boolean;
  readonly order: TargetGroupOrder;
}

/** A verb of `plimsoll target-group`. */
export type TargetGroupVerb = TargetGroupOrder['verb'];

const ARN = /^arn:aws[\w-]*:elasticloadbalancing:([\w-]+):\d{12}:targetgroup\/[\w-]+\/\w+$/;
const LONGEST_DRAIN = 3600;

/**
 * Reads the arguments of a command that steers a target group.
 * @throws ControllerError `invalid` that names the argument that is wrong, and the fix.
 */
export function parseTargetGroupOptions(
  verb: TargetGroupVerb,
  rawArgs: readonly string[],
): TargetGroupOptions {
  const { values, positionals } = parsed(verb, rawArgs);
  const [arn, ...words] = positionals;
  if (arn === undefined) throw refusal(`target-group ${verb}: the ARN of the target group is missing`);
  const region = ARN.exec(arn)?.[1];
  if (region === undefined)
    throw refusal(
      `${arn}: is not the ARN of a target group (arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID)`,
    );
  const drain = values['drain-seconds'];
  const order = orderOf(verb, words, typeof drain === 'string' ? drain : undefined);
  return { arn, region, json: values['json'] === true, order };
}

function parsed(verb: TargetGroupVerb, rawArgs: readonly string[]) {
  const options = {
    json: { type: 'boolean' },
    ...(verb === 'deregister' && { 'drain-seconds': { type: 'string' as const } }),
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...rawArgs], options, allowPositionals: true });
    return { values: values as Readonly<Record<string, unknown>>, positionals };
  } catch (cause) {
    const [problem] = (cause instanceof Error ? cause.message : String(cause)).split('. ');
    throw refusal(`${problem} (npm run -s plimsoll -- target-group ${verb} --help)`, cause);
  }
}

function orderOf(
  verb: TargetGroupVerb,
  words: readonly string[],
  drain: string | undefined,
): TargetGroupOrder {
  switch (verb) {
    case 'health':
      nothingIn(words, verb);
      return { verb };
    case 'register':
      return { verb, targets: targetsOf(words, verb) };
    case 'deregister':
      return { verb, targets: targetsOf(words, verb), drainSeconds: secondsOf(drain) };
    case 'maintenance':
      return { verb, on: oneOf(words, verb, ['on', 'off']) === 'on' };
    case 'algorithm':
      return { verb, type: oneOf(words, verb, BALANCING_ALGORITHMS) };
  }
}

function nothingIn([stray]: readonly string[], verb: TargetGroupVerb): void {
  if (stray !== undefined) throw refusal(`${stray}: target-group ${verb} takes an ARN alone (leave it out)`);
}

function targetsOf(words: readonly string[], verb: TargetGroupVerb): readonly GroupTarget[] {
  if (words.length === 0)
    throw refusal(
      `target-group ${verb}: no target is named (an instance or an address, with :PORT if need be)`,
    );
  return words.map(targetOf);
}

/** `i-0123`, `10.0.0.7`, `10.0.0.7:5432`, or `[2001:db8::7]:5432`. */
function targetOf(word: string): GroupTarget {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(word) ?? [];
  if (digits === undefined) return { id: word, port: null };
  const port = Number(digits);
  if (port < 1 || port > 65_535) throw refusal(`${word}: a port is 1 to 65535`);
  return { id: bracketed ?? plain ?? word, port };
}

function secondsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= LONGEST_DRAIN) return seconds;
  throw refusal(`--drain-seconds ${text}: is 0 to ${LONGEST_DRAIN}`);
}

function oneOf<W extends string>(words: readonly string[], verb: TargetGroupVerb, known: readonly W[]): W {
  const [word, stray] = words;
  const names = `name ${known.slice(0, -1).join(', ')} or ${known.at(-1)}`;
  if (word === undefined) throw refusal(`target-group ${verb}: one word is missing (${names})`);
  if (stray !== undefined) throw refusal(`${stray}: target-group ${verb} takes one word (leave it out)`);
  const found = known.find((one) => one === word);
  if (found !== undefined) return found;
  const near = nearest(word, known);
  throw refusal(`${word}: is not known (${near === null ? names : `did you mean ${near}?`})`);
}

const refusal = (message: string, cause?: unknown): ControllerError =>
  new ControllerError('invalid', message, { retryable: false, cause });
