import * as z from 'zod';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import { checkReceipt } from './check-receipt.ts';
import type { Located } from './read-receipts.ts';

const PATH = '/api/infrastructure/scaling/receipts';
const A_PAGE = '100';
const PATIENCE_MILLIS = 30_000;

const answer = z.union([
  z.object({
    success: z.literal(true),
    data: z.object({ receipts: z.array(z.unknown()), cursor: z.string().nullable() }),
  }),
  z.object({ success: z.literal(false), error: z.object({ message: z.string() }) }),
]);

/**
 * The receipts of a target from a running controller, newest first; pages are asked for as they are needed.
 * @throws ControllerError `invalid` when it does not answer, or refuses.
 */
export async function* fetchReceipts(url: string, target: string): AsyncGenerator<Located> {
  let cursor: string | null = null;
  do {
    const address: URL = new URL(PATH, url);
    address.search = new URLSearchParams({
      target,
      limit: A_PAGE,
      ...(cursor === null ? {} : { cursor }),
    }).toString();
    const page = await get(address);
    for (const each of page.receipts) yield { ...checkReceipt(each), place: `${url} ${target}` };
    cursor = page.cursor;
  } while (cursor !== null);
}

async function get(address: URL) {
  const body = await answerOf(address);
  const read = answer.safeParse(body);
  if (!read.success)
    throw refusal(`${address.origin}: the answer is not that of a controller (correct --url)`);
  if (!read.data.success) throw refusal(`${address.origin}: ${read.data.error.message}`);
  return read.data.data;
}

async function answerOf(address: URL): Promise<unknown> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MILLIS) });
    return await response.json();
  } catch (cause) {
    throw refusal(
      `${address.origin}: no controller answers there (start one with npm start, or correct --url)`,
      cause,
    );
  }
}

const refusal = (message: string, cause?: unknown): ControllerError =>
  new ControllerError('invalid', message, { retryable: false, cause });
