import { ControllerError } from '../../../shared/core/controller-error.ts';
import type { Receipt } from '../../../shared/core/receipt.ts';
import type { ReceiptOptions } from './options.ts';
import type { Paper } from './paper.ts';
import { type Located, readReceipts } from './read-receipts.ts';

/** The receipt that is asked about, and how many lines were of no use. */
export interface Picked {
  readonly receipt: Receipt;
  readonly bad: number;
}

/**
 * The receipt with the id that was asked for, or the newest of those that will do. Lines that are no receipt are told to `paper`.
 * @throws ControllerError `invalid` when there is none, or when a source cannot be read.
 */
export async function pick(
  { paths, api, id }: ReceiptOptions,
  paper: Paper,
  willDo: (receipt: Receipt) => boolean = () => true,
): Promise<Picked> {
  const fits = (receipt: Receipt) => (id === null ? willDo(receipt) : receipt.id === id);
  // A controller answers newest first, and an id is there once: there is no need to read on.
  const firstIsBest = api !== null || id !== null;
  let best: Receipt | null = null;
  let bad = 0;
  for await (const located of readReceipts(paths, api)) {
    if ('problem' in located) {
      bad += 1;
      paper.problem(problemLine(located));
    } else if (fits(located.receipt)) {
      best = newerOf(located.receipt, best);
      if (firstIsBest) break;
    }
  }
  if (best === null) throw none(id, bad);
  return { receipt: best, bad };
}

/** Of two in the same millisecond the one that was written later. */
const newerOf = (later: Receipt, best: Receipt | null): Receipt =>
  best === null || later.now >= best.now ? later : best;

function none(id: string | null, bad: number): ControllerError {
  const among = bad === 0 ? '' : `; ${bad} could not be read`;
  const message =
    id === null
      ? `no receipt to look at${among} (a resize always has one; holds by spec.receipts.holds of their policy)`
      : `--id ${id}: no receipt has that id${among} (correct it, or name another source)`;
  return new ControllerError('invalid', message, { retryable: false });
}

/** How a line that is no receipt is named. */
export const problemLine = ({ place, problem }: Extract<Located, { problem: string }>): string =>
  `${place}: ${problem}`;
