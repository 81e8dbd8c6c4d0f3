import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('../../functions/local/main.ts', import.meta.url));
const POLL_MILLIS = 20;

/** How a process ended. */
export interface Ended {
  /** Null when a signal killed it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line in a process of its own, as `npm start` runs it. */
export class Child {
  readonly ended: Promise<Ended>;
  readonly #process: ChildProcess;
  #stdout = '';
  #stderr = '';

  /** `env` is all that the process sees besides the way to its programs. */
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { PATH = '', HOME = '' } = process.env;
    this.#process = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], {
      cwd: ROOT,
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.ended = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      this.#process.once('close', (code) => resolve({ code, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  /** Whole lines of output so far. */
  lines(): readonly string[] {
    return this.#stdout.split('\n').slice(0, -1);
  }

  /** The first line of output that fits; fails, with what there was, after `seconds` or when the process ends. */
  async line(pattern: RegExp, seconds = 30): Promise<string> {
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const found = this.lines().find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (performance.now() > end || this.#process.exitCode !== null) {
        throw new Error(`no line ${pattern} in ${seconds} s:\n${this.#stdout}\n${this.#stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
  }

  /** What Ctrl-C does. */
  async interrupt(): Promise<Ended> {
    this.#process.kill('SIGINT');
    return this.ended;
  }

  /** Ends the process whatever it does; for the end of a test. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

/** Runs the command line to its end, which the end of the test hastens. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = new Child(args, env);
  onTestFinished(() => child.kill());
  return child.ended;
}
