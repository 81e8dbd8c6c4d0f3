import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ControllerError } from '../core/controller-error.ts';
import { parseTrace, type Trace } from './trace-csv.ts';

/** Traces that come with Plimsoll, and the day (counted from 0) on which a replay of them is worth watching. */
export const SHIPPED_TRACES = {
  wc98: { file: 'wc98.csv', day: 18, title: 'World Cup 1998 web site, 23 June: two matches in the evening' },
  nasa: { file: 'nasa.csv', day: 12, title: 'NASA Kennedy Space Center web site, 13 July 1995: a launch' },
} as const;

/** A trace together with the day from which a replay starts by default. */
export interface LoadedTrace {
  readonly trace: Trace;
  /** Days after the first value of the trace. */
  readonly day: number;
  readonly title: string;
}

/**
 * Reads a shipped trace by name, or any CSV file by path.
 * @throws ControllerError `invalid` when there is no such trace, or the file is not a trace.
 */
export async function loadTrace(nameOrPath: string): Promise<LoadedTrace> {
  const shipped = Object.entries(SHIPPED_TRACES).find(([name]) => name === nameOrPath)?.[1];
  const path =
    shipped === undefined ? nameOrPath : fileURLToPath(new URL(`./traces/${shipped.file}`, import.meta.url));
  const trace = parseTrace(await read(path), shipped?.file ?? nameOrPath);
  return { trace, day: shipped?.day ?? 0, title: shipped?.title ?? nameOrPath };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ControllerError(
      'invalid',
      `${path}: cannot be read (name a CSV file, or a trace that comes with Plimsoll: ${Object.keys(SHIPPED_TRACES).join(', ')})`,
      { retryable: false, cause },
    );
  }
}
