import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import { fileTrouble } from '../words.ts';
import { type Checked, checkLine, FIX, isJson } from './check-receipt.ts';
import { fetchReceipts } from './fetch-receipts.ts';
import type { ReceiptOptions } from './options.ts';

/** A receipt or a problem, with its place: `file:line`, `stdin:line`, or an address. */
export type Located = Checked & { readonly place: string };

/** Standard input, as the name of a file. */
const STDIN = '-';

/**
 * Everything that the paths hold, or that a running controller has: files from their first line on, a controller's newest first.
 * @throws ControllerError `invalid` when a file or the controller cannot be read, or when nothing was named.
 */
export async function* readReceipts(
  paths: readonly string[],
  api: ReceiptOptions['api'],
): AsyncGenerator<Located> {
  if (api !== null) {
    yield* fetchReceipts(api.url, api.target);
    return;
  }
  if (paths.length === 0 && process.stdin.isTTY) {
    throw refusal('no receipts: name a file of them, - for standard input, or --url and --target');
  }
  for (const path of paths.length === 0 ? [STDIN] : paths) yield* readFile(path);
}

async function* readFile(path: string): AsyncGenerator<Located> {
  const input = path === STDIN ? process.stdin : createReadStream(path);
  const name = path === STDIN ? 'stdin' : path;
  let number = 0;
  // Of a file of something else each line would be named, and none of them helps.
  let isFirst = true;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (line.trim() === '') continue;
      if (isFirst) mustBeginReceipts(name, line);
      isFirst = false;
      for (const checked of checkLine(line)) yield { ...checked, place: `${name}:${number}` };
    }
  } catch (cause) {
    if (cause instanceof ControllerError) throw cause;
    throw refusal(`${name}: ${fileTrouble(cause)}`, cause);
  }
}

function mustBeginReceipts(name: string, line: string): void {
  if (!isJson(line)) throw refusal(`${name}: is no file of receipts (${FIX})`);
}

const refusal = (message: string, cause?: unknown): ControllerError =>
  new ControllerError('invalid', message, { retryable: false, cause });
