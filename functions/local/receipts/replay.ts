import type { Receipt } from '../../../shared/core/receipt.ts';
import { decideAgain } from '../../../shared/core/why-not.ts';
import { namesOf } from './explain.ts';
import { type Difference, firstDifference } from './first-difference.ts';
import type { ReceiptOptions } from './options.ts';
import { type Paper, when } from './paper.ts';
import { problemLine } from './pick.ts';
import { readReceipts } from './read-receipts.ts';

interface Counts {
  receipts: number;
  same: number;
  different: number;
  bad: number;
}

/** Decides every receipt again. Exit code 1 when one differs, when a line was no receipt, or when there was none at all. */
export async function runReplay({ paths, api, json }: ReceiptOptions, paper: Paper): Promise<number> {
  const counts: Counts = { receipts: 0, same: 0, different: 0, bad: 0 };
  for await (const located of readReceipts(paths, api)) {
    if ('problem' in located) {
      counts.bad += 1;
      paper.problem(problemLine(located));
      continue;
    }
    const { receipt, place } = located;
    const difference = differenceIn(receipt);
    counts.receipts += 1;
    counts[difference === null ? 'same' : 'different'] += 1;
    if (json) paper.line(JSON.stringify({ ...namesOf(receipt), same: difference === null, ...difference }));
    else if (difference !== null) paper.line(differenceLine(receipt, place, difference, paper));
  }
  paper.line(json ? JSON.stringify(counts) : summaryOf(counts, paper));
  return counts.different + counts.bad === 0 && counts.receipts > 0 ? 0 : 1;
}

/** Where a decision of today differs from the one in the receipt; null where it is the same to the byte. */
function differenceIn(receipt: Receipt): Difference | null {
  try {
    const now = decideAgain(receipt);
    const isSame = JSON.stringify(now) === JSON.stringify(receipt.decision);
    return isSame ? null : firstDifference(receipt.decision, now);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { path: 'decision', was: JSON.stringify(receipt.decision.kind), is: `an error: ${why}` };
  }
}

const differenceLine = (
  receipt: Receipt,
  place: string,
  { path, was, is }: Difference,
  { style }: Paper,
): string =>
  `${place}: ${style('bold', receipt.policy.name)} ${when(receipt.now)} ${receipt.id}: ${path} was ${style('green', was)} and is ${style('red', is)}`;

function summaryOf({ receipts, same, different, bad }: Counts, { style }: Paper): string {
  if (receipts + bad === 0) return 'No receipts.';
  const others = different === 0 ? '0 different' : style('red', `${different} different`);
  const unread = bad === 0 ? '' : `; ${bad} could not be read`;
  return `${receipts} ${receipts === 1 ? 'receipt' : 'receipts'} decided again: ${same} the same, ${others}${unread}.`;
}
