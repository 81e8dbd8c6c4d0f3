import { createLogUpdate } from 'log-update';
import { type JournalLine, lineOf } from './journal.ts';
import { drawScreen, type Picture } from './screen.ts';

/** Where a run is shown. */
export interface Output {
  /** Said once, at the start. */
  say(text: string): void;
  /** A decision or event worth a line. */
  line(line: JournalLine): void;
  /** The run as it stands now; called after every step. */
  picture(draw: () => Picture): void;
  /** Something went wrong, and the run goes on. */
  problem(message: string, fields: Readonly<Record<string, unknown>>): void;
  close(): void;
}

const REDRAW_EVERY_MILLIS = 100;
const DEFAULT_FRAME = { columns: 100, rows: 30 };

/** A compact view that redraws in place. What is said stands above it, as the terminal wraps it: it is there to be copied. */
export function screenOutput(stream: NodeJS.WriteStream): Output {
  const update = createLogUpdate(stream);
  let drawnAt = Number.NEGATIVE_INFINITY;
  let last: (() => Picture) | null = null;
  const redraw = () => {
    if (last === null) return;
    drawnAt = performance.now();
    const frame = {
      columns: stream.columns || DEFAULT_FRAME.columns,
      rows: stream.rows || DEFAULT_FRAME.rows,
    };
    update(drawScreen(last(), frame));
  };
  return {
    say: (text) => stream.write(`${text}\n`),
    line() {},
    picture(draw) {
      last = draw;
      if (performance.now() - drawnAt >= REDRAW_EVERY_MILLIS) redraw();
    },
    problem() {},
    close() {
      redraw();
      update.done();
    },
  };
}

/** One plain line for everything that happens. */
export function plainOutput(stream: NodeJS.WritableStream): Output {
  const write = (text: string) => stream.write(`${text}\n`);
  return {
    say: write,
    line: (line) => write(lineOf(line)),
    picture() {},
    problem: (message, fields) => write(`! ${message} ${JSON.stringify(fields)}`),
    close() {},
  };
}

/** Nothing but problems, on the error stream: the output is for a program. */
export function quietOutput(errors: NodeJS.WritableStream): Output {
  return { ...plainOutput(errors), say() {}, line() {} };
}
