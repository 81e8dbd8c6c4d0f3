import { headlineOf } from '../../../shared/core/explain-receipt.ts';
import { plainNumber } from '../../../shared/core/plain-number.ts';
import { timeOfDay } from '../../../shared/core/time.ts';
import {
  type Change,
  type MetricChange,
  type Wait,
  type WhyNot,
  whyNot,
} from '../../../shared/core/why-not.ts';
import { heading, namesOf } from './explain.ts';
import type { ReceiptOptions } from './options.ts';
import { type Paper, wrapped } from './paper.ts';
import { pick } from './pick.ts';

/**
 * Says what would have turned a hold into a resize: the newest hold, or the one with the id.
 * Exit code 1 where a line of the source was no receipt.
 */
export async function runWhyNot(options: ReceiptOptions, paper: Paper): Promise<number> {
  const { receipt, bad } = await pick(options, paper, ({ decision }) => decision.kind === 'hold');
  const isHold = receipt.decision.kind === 'hold';
  const answer: WhyNot = isHold
    ? whyNot(receipt)
    : { changes: [], nothing: 'It is a resize; explain says why.' };
  if (options.json)
    paper.line(JSON.stringify({ ...namesOf(receipt), headline: headlineOf(receipt.decision), ...answer }));
  else {
    const lines = [...heading(receipt, headlineOf(receipt.decision), paper), '', ...page(answer, paper)];
    for (const line of lines) paper.line(line);
  }
  return bad === 0 ? 0 : 1;
}

function page(answer: WhyNot, paper: Paper): readonly string[] {
  const limit = answer.limit === undefined ? [] : wrapped(answer.limit, paper.width);
  return [...limit, ...changesOf(answer, paper)];
}

function changesOf({ changes, nothing }: WhyNot, paper: Paper): readonly string[] {
  if (nothing !== null) return wrapped(nothing, paper.width);
  const rows = changes.map((change) => [said(change), becomes(change)] as const);
  const widest = Math.max(...rows.map(([what]) => what.length));
  const one = changes.length === 1 ? 'this' : 'one of these alone, smallest change first';
  return [
    `It would have been a resize with ${one}:`,
    ...rows.map(
      ([what, then]) => `  ${paper.style('bold', what.padEnd(widest))}   ${paper.style('green', then)}`,
    ),
  ];
}

const becomes = ({ becomes: { from, to } }: Change): string => `${from} → ${to}`;

const said = (change: Change): string => (change.kind === 'wait' ? waiting(change) : measuring(change));

const waiting = ({ seconds, until, any }: Wait): string =>
  any ? 'wait a moment' : `wait ${plainNumber(seconds)} s, until ${timeOfDay(until)}`;

function measuring({ label, unit, from, to, any, units, relative }: MetricChange): string {
  const of = units === null ? '' : ` (mean of ${units} units)`;
  if (any)
    return `${label} ${to > from ? 'above' : 'below'} ${plainNumber(from)}${unit}, where it stands${of}`;
  const before = plainNumber(from);
  const share = Number.isFinite(relative)
    ? `  (${to > from ? '+' : '−'}${(relative * 100).toFixed(1)} %)`
    : '';
  // Two that read the same to two decimals are written out.
  return `${label} ${before === String(to) ? from : before}${unit} → ${to}${unit}${of}${share}`;
}
