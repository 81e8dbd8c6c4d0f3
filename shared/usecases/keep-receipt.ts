import { isReceiptKept, type Receipt } from '../core/receipt.ts';
import { targetId } from '../core/target.ts';
import type { ControllerDeps } from './deps.ts';

/**
 * Stores the receipt of a decision where the policy wants it kept. Never throws: that a decision can be read later is worth
 * less than what it decides, so a store that fails is reported and the resize goes on.
 */
export async function keepReceipt(
  { receipts, telemetry }: Pick<ControllerDeps, 'receipts' | 'telemetry'>,
  receipt: Receipt,
): Promise<void> {
  if (!isReceiptKept(receipt)) return;
  try {
    await receipts.put(receipt);
  } catch (error) {
    telemetry.problem('A decision has no receipt', {
      target: targetId(receipt.policy.target),
      decisionId: receipt.id,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}
