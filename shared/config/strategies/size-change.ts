import type * as z from 'zod';
import type { SizeChange } from '../../core/strategy.ts';
import { type DocumentPath, quote, type Report } from '../problem.ts';
import type { Change } from '../schema/strategy.ts';
import { checkInside, type StrategyContext } from './context.ts';

const CHANGE = /^\s*([+-]?)\s*(\d{1,9}(?:\.\d{1,9})?)\s*(%?)\s*$/;

const EXAMPLES = { out: '+2, "+50%" or { exact: 8 }', in: '-1, "-10%" or { exact: 2 }' } as const;

/** A change as written, without its sign, or null after reporting what is wrong with it. */
export function changeOf(
  written: z.infer<typeof Change>,
  direction: 'out' | 'in',
  bounds: StrategyContext['bounds'],
  path: DocumentPath,
  report: Report,
): SizeChange | null {
  if (typeof written === 'object') {
    checkInside(written.exact, bounds, [...path, 'exact'], report);
    return { kind: 'exact', value: written.exact };
  }
  const [, sign = '', digits = '', percent] = CHANGE.exec(String(written)) ?? [];
  const value = Number(digits);
  const problem = digits === '' ? 'is no change of size' : wrong(sign, value, percent === '%', direction);
  if (problem !== null) {
    report(path, `${quote(written)} ${problem} (write ${EXAMPLES[direction]})`);
    return null;
  }
  return { kind: percent === '%' ? 'percent' : 'units', value };
}

function wrong(sign: string, value: number, percent: boolean, direction: 'out' | 'in'): string | null {
  if (value === 0) return 'changes nothing';
  if (direction === 'out' && sign === '-') return 'scales in, but this is scaleOut';
  if (direction === 'in' && sign !== '-') return 'scales out, but this is scaleIn';
  if (!percent && !Number.isInteger(value)) return 'is no whole number of tasks';
  if (direction === 'in' && percent && value > 100) return 'is more than there is';
  return null;
}
