import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ControllerError } from '../core/controller-error.ts';
import type { Receipt } from '../core/receipt.ts';
import { plainReceipt, receiptOf } from '../core/receipt-text.ts';
import { plainJson } from './plain-json.ts';

/** A receipt may have this many bytes, compressed: half of an item, and some hundred times what one usually has. */
export const RECEIPT_BYTES = 200 * 1024;

/**
 * A receipt as it is stored: its JSON, compressed.
 * @throws ControllerError `rejected` when it is too large, `invalid` when a number in it is none.
 */
export function packReceipt(receipt: Receipt): Uint8Array {
  const packed = deflateRawSync(plainJson(plainReceipt(receipt), `receipt ${receipt.id}`));
  if (packed.length <= RECEIPT_BYTES) return packed;
  throw new ControllerError(
    'rejected',
    `receipt ${receipt.id}: it has ${packed.length} bytes compressed and may have ${RECEIPT_BYTES}: read a shorter history ` +
      'of metrics, or fewer metrics, in this policy.',
    { retryable: false },
  );
}

/**
 * The receipt that {@link packReceipt} packed.
 * @throws ControllerError `invalid` when the bytes are none of its.
 */
export function unpackReceipt(packed: Uint8Array): Receipt {
  try {
    return receiptOf(JSON.parse(inflateRawSync(packed).toString('utf8')) as Receipt);
  } catch (cause) {
    throw new ControllerError('invalid', 'a stored receipt cannot be read.', { retryable: false, cause });
  }
}
