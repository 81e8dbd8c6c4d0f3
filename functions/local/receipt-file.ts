import { closeSync, openSync, writeSync } from 'node:fs';
import { ControllerError } from '../../shared/core/controller-error.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { receiptLine } from '../../shared/core/receipt-text.ts';
import type { ReceiptStore } from '../../shared/ports/receipt-store.ts';
import { fileTrouble } from './words.ts';

/** A file of receipts, one on a line: what `explain`, `why-not`, `replay` and `diff` read. */
export interface ReceiptFile {
  /** A store that writes each receipt into the file as well. */
  beside(store: ReceiptStore): ReceiptStore;
  close(): void;
}

/** No file was asked for. */
const NO_FILE: ReceiptFile = { beside: (store) => store, close() {} };

/**
 * Opens the file that `--receipts` names; what was in it is gone.
 * @throws ControllerError `invalid` when it cannot be written.
 */
export function openReceiptFile(path: string | undefined): ReceiptFile {
  if (path === undefined) return NO_FILE;
  const file = opened(path);
  return {
    beside: (store) => ({
      list: (query) => store.list(query),
      put: async (receipt) => {
        writeSync(file, `${receiptLine(receipt)}\n`);
        await store.put(receipt);
      },
    }),
    close: () => closeSync(file),
  };
}

function opened(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (cause) {
    throw new ControllerError('invalid', `--receipts ${path}: ${fileTrouble(cause, 'folder')}`, {
      retryable: false,
      cause,
    });
  }
}

/** Policies that keep the receipt of every decision while a file takes them, holds too. */
export const keepingAll = (policies: readonly Policy[], path: string | undefined): readonly Policy[] =>
  path === undefined ? policies : policies.map((policy) => ({ ...policy, receiptsOfHolds: 1 }));
