import type { Receipt } from '../../shared/core/receipt.ts';
import { type Circumstances, circumstances, decideIn } from './deciding.ts';

/** The receipt of the decision in the given circumstances: a hold of four tasks whose CPU is on target, unless a test says otherwise. */
export function aReceipt(given: Circumstances & { readonly id?: string } = {}): Receipt {
  const { id = 'decision-1', ...rest } = given;
  return { version: 1, id, ...circumstances(rest), decision: decideIn(rest) };
}
