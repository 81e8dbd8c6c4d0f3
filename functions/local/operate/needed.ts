import { nearest } from '../../../shared/config/nearest.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import type { OperateOptions } from './options.ts';

/** What a command cannot do without; everything else is left to the API. */
interface Needs {
  /** What stands without a flag: what it is called, and what it may be. Null = nothing does. */
  readonly word: {
    readonly what: string;
    readonly known: readonly string[] | 'any name';
    readonly optional?: true;
  } | null;
  /** `--service`, or `--all` for every target. */
  readonly who: boolean;
  readonly reason: boolean;
}

const KINDS = ['pin', 'floor', 'ceiling', 'pause'];
const SIZED = ['pin', 'floor', 'ceiling'];

/** By command. */
const NEEDS = {
  'override set': { word: { what: 'what to set', known: KINDS }, who: true, reason: true },
  'override clear': {
    word: { what: 'what to clear', known: KINDS, optional: true },
    who: true,
    reason: false,
  },
  'override list': { word: null, who: false, reason: false },
  plan: {
    word: { what: 'which application', known: 'any name', optional: true },
    who: false,
    reason: false,
  },
  promote: { word: { what: 'the target', known: 'any name' }, who: false, reason: true },
  emergency: { word: { what: 'what to do', known: ['boost', 'circuit-breaker'] }, who: true, reason: true },
} as const satisfies Readonly<Record<string, Needs>>;

/** A command that acts on a running controller. */
export type OperateCommand = keyof typeof NEEDS;

/**
 * Looks at the arguments before the controller is asked, which may not be there.
 * @throws ControllerError `invalid` with everything that is missing, in one line.
 */
export function checkNeeds(command: OperateCommand, { word, fields }: OperateOptions): void {
  const needs: Needs = NEEDS[command];
  if (needs.word === null && word !== null) throw refusal(`${word}: ${command} takes no word (leave it out)`);
  const isSized = command === 'override set' && SIZED.includes(word ?? '');
  const problems = [
    ...wordProblems(needs.word, word),
    ...(needs.who && !('service' in fields || 'all' in fields) ? ['--service or --all is missing'] : []),
    ...(isSized && !('size' in fields) ? ['--size is missing (how many units)'] : []),
    ...(needs.reason && !('reason' in fields) ? ['--reason is missing (say why)'] : []),
  ];
  if (problems.length > 0) throw refusal(`${command}: ${problems.join('; ')}`);
}

function wordProblems(needed: Needs['word'], word: string | null): readonly string[] {
  if (needed === null) return [];
  const { what, known, optional = false } = needed;
  if (known === 'any name')
    return word === null && !optional
      ? [`${what} is missing (name a policy, a resource or a target id)`]
      : [];
  const names = `${known.slice(0, -1).join(', ')} or ${known.at(-1)}`;
  if (word === null) return optional ? [] : [`${what} is missing (name ${names})`];
  if (known.includes(word)) return [];
  const near = nearest(word, known);
  return [`${word} is not known (${near === null ? `name ${names}` : `did you mean ${near}?`})`];
}

const refusal = (message: string): ControllerError =>
  new ControllerError('invalid', message, { retryable: false });
