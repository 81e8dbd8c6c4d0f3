import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What a shell says to a line in which `plimsoll` is the command; `CODE` = its exit code, on the error stream. */
function shell(line: string) {
  const { PATH = '', HOME = '' } = process.env;
  const plimsoll = `plimsoll() { '${process.execPath}' --import tsx functions/local/main.ts "$@"; echo "CODE $?" >&2; }`;
  const { stdout, stderr } = spawnSync('sh', ['-c', `${plimsoll}\n${line}`], {
    cwd: ROOT,
    env: { PATH, HOME },
    encoding: 'utf8',
  });
  return { stdout, stderr };
}

describe('the command line', () => {
  it.each([
    'conform test/fixtures/hpa/behavior-public.json',
    'validate policies policies/examples',
    'start --speed max --for 1h',
  ])('ends quietly when nobody reads on: %s', (command) => {
    // The reader is gone before the first line.
    expect(shell(`plimsoll ${command} | true`)).toEqual({ stdout: '', stderr: 'CODE 0\n' });
  });

  it.skipIf(!existsSync('/dev/full'))('says in a line that its output cannot be written', () => {
    const { stderr } = shell('plimsoll validate > /dev/full');
    expect(stderr).toMatch(/^the output cannot be written: ENOSPC.*\nCODE 1\n$/);
  });

  it.each([
    ['init', 'USAGE plimsoll init [FILE]'],
    ['conform', 'USAGE plimsoll conform [OPTIONS] <FILE…>'],
    ['diff', 'USAGE plimsoll diff [OPTIONS] <POLICIES> [FILE…]'],
    ['override set', 'USAGE override set [OPTIONS] pin|floor|ceiling|pause'],
    ['emergency', 'USAGE plimsoll emergency [OPTIONS] boost|circuit-breaker'],
  ])('tells what %s takes, without colours in a file', (command, usage) => {
    const { stdout, stderr } = shell(`plimsoll ${command} --help`);
    expect(stdout.split('\n')).toContain(usage);
    expect(stdout).not.toContain('\u001B');
    expect(stderr).toBe('CODE 0\n');
  });

  it.each([
    ['validat', 'validat: is not a command (did you mean validate? npm run -s plimsoll -- --help)'],
    [
      'override lst',
      'override: lst: is not a command (did you mean list? npm run -s plimsoll -- override --help)',
    ],
    ['evaluate foo', 'foo: evaluate reads standard input (evaluate < foo)'],
    [
      'start --policies policies/examples/guardrails.yaml',
      '--policies policies/examples/guardrails.yaml: names no target, so there is nothing to run (add a ScalingPolicy, or name another folder)',
    ],
    ['override list extra', 'extra: override list takes no word (leave it out)'],
    [
      'override set --service web',
      'override set: what to set is missing (name pin, floor, ceiling or pause); --reason is missing (say why)',
    ],
    [
      'emergency',
      'emergency: what to do is missing (name boost or circuit-breaker); --service or --all is missing; --reason is missing (say why)',
    ],
  ])('refuses in one line: %s', (command, sentence) => {
    expect(shell(`plimsoll ${command}`)).toEqual({ stdout: '', stderr: `${sentence}\nCODE 1\n` });
  });
});
