import { ControllerError } from '../core/controller-error.ts';

/** A recorded load: one value for every step, without gaps. */
export interface Trace {
  /** Where it came from, for messages. */
  readonly file: string;
  /** Seconds since the epoch of the first value. */
  readonly startSeconds: number;
  readonly stepSeconds: number;
  /** Load during each step, in the unit of the recording; never negative. */
  readonly values: readonly number[];
}

const HEADER = 'epoch_seconds,value';
/** Larger than a year of minutes, and small enough to keep in memory. */
const MAX_POINTS = 1_000_000;

/**
 * Reads a recorded load from CSV: the header `epoch_seconds,value`, then one line a step of constant length.
 * @throws ControllerError `invalid` with file, line, value and fix for an empty file, text, a negative value or a gap.
 */
export function parseTrace(text: string, file: string): Trace {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines[0]?.trim() !== HEADER) {
    throw bad(file, 1, quote(lines[0]), `is not the header (start the file with the line ${HEADER})`);
  }
  if (lines.length < 3) {
    throw bad(file, lines.length, 'end of file', 'comes too early (a trace needs two values or more)');
  }
  if (lines.length - 1 > MAX_POINTS) {
    throw bad(file, MAX_POINTS + 2, 'more lines', `than the ${MAX_POINTS} values a trace may have (cut it)`);
  }
  return toTrace(
    lines.slice(1).map((line, index) => point(line, file, index + 2)),
    file,
  );
}

interface Point {
  readonly at: number;
  readonly value: number;
}

function point(line: string, file: string, number: number): Point {
  const cells = line.split(',').map((cell) => cell.trim());
  const [time = '', load = ''] = cells;
  if (cells.length !== 2) {
    throw bad(file, number, quote(line), 'is not two cells (write epoch_seconds,value)');
  }
  if (!/^\d{1,12}$/.test(time)) {
    throw bad(file, number, quote(time), 'is not a time (write whole seconds since 1970, such as 897004800)');
  }
  if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(load) || !Number.isFinite(Number(load))) {
    throw bad(file, number, quote(load), 'is not a number (write the load of that step, such as 5175)');
  }
  if (Number(load) < 0) {
    throw bad(file, number, quote(load), 'is negative (a load is zero or more)');
  }
  return { at: Number(time), value: Number(load) };
}

function toTrace(points: readonly Point[], file: string): Trace {
  const [first, second] = points;
  if (first === undefined || second === undefined) throw bad(file, 1, 'file', 'has no values');
  const stepSeconds = second.at - first.at;
  if (stepSeconds <= 0) {
    throw bad(file, 3, String(second.at), 'does not come after the line before it (sort the lines by time)');
  }
  points.forEach(({ at }, index) => {
    const expected = first.at + index * stepSeconds;
    if (at !== expected) throw unevenStep(file, index + 2, { at, expected, step: stepSeconds });
  });
  return { file, startSeconds: first.at, stepSeconds, values: points.map(({ value }) => value) };
}

function unevenStep(
  file: string,
  line: number,
  { at, expected, step }: { readonly at: number; readonly expected: number; readonly step: number },
): ControllerError {
  const late = at - expected;
  return bad(
    file,
    line,
    String(at),
    late > 0 && late % step === 0
      ? `leaves a gap of ${late / step} × ${step} s before it (add ${expected} and what follows, or cut the trace there)`
      : `breaks the constant step of ${step} s (expected ${expected})`,
  );
}

const quote = (text: string | undefined): string => JSON.stringify((text ?? '').slice(0, 60));

function bad(file: string, line: number, value: string, problem: string): ControllerError {
  return new ControllerError('invalid', `${file}:${line}: ${value} ${problem}`, { retryable: false });
}
