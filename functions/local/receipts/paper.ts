import { styleText } from 'node:util';
import type { Instant } from '../../../shared/core/time.ts';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** Where a command writes. */
export interface Paper {
  /** A line of its answer. */
  readonly line: (text: string) => void;
  /** A line for people beside the answer: what could not be used. */
  readonly problem: (text: string) => void;
  /** Colours where a terminal shows them. */
  readonly style: (style: Style, text: string) => string;
  /** Characters on a line. */
  readonly width: number;
}

const PLAIN_WIDTH = 100;

/** The terminal, or what its output was piped into: without colours then, and where `NO_COLOR` is set. */
export function terminal(): Paper {
  const { stdout, stderr } = process;
  const hasColours = stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
  return {
    line: (text) => stdout.write(`${text}\n`),
    problem: (text) => stderr.write(`${text}\n`),
    style: (style, text) => (hasColours ? styleText(style, text) : text),
    width: stdout.columns || PLAIN_WIDTH,
  };
}

/** A time as people read it, to the second, in UTC. */
export const when = (at: Instant): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** Lines of at most `width` characters; words stay whole. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
