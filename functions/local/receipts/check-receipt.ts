import * as z from 'zod';
import type { Receipt } from '../../../shared/core/receipt.ts';
import { receiptOf } from '../../../shared/core/receipt-text.ts';

const count = z.int().nonnegative();
const word = z.string().min(1);

/** What every command relies on. The rest is what decided before: it decides again, or says what it misses. */
const receipt = z.looseObject({
  version: z.literal(1),
  id: word,
  now: count,
  policy: z.looseObject({
    name: word,
    target: z.looseObject({ kind: word }),
    bounds: z.looseObject({ min: count, max: count }),
    cooldownSeconds: z.looseObject({ out: count, in: count }),
    strategies: z.array(z.looseObject({ kind: word })),
  }),
  snapshot: z.looseObject({
    capacity: z.looseObject({ desired: count, running: count, ready: count, pending: count }),
    metrics: z.record(z.string(), z.looseObject({ kind: z.enum(['value', 'samples', 'missing']) })),
    schedule: z.looseObject({ open: z.array(z.looseObject({ name: word })) }),
    account: z.looseObject({ overrides: z.array(z.looseObject({ kind: word })) }),
  }),
  state: z.looseObject({ overrides: z.array(z.looseObject({ kind: word })) }),
  signal: z.looseObject({ kind: z.enum(['alarm', 'sweep', 'drift', 'override', 'manual']) }),
  decision: z.discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('hold'), reason: word, trace: z.array(z.looseObject({ step: word })) }),
    z.looseObject({
      kind: z.literal('resize'),
      from: count,
      to: count,
      trace: z.array(z.looseObject({ step: word })),
    }),
  ]),
});

/** Where receipts come from. */
export const FIX = 'take receipts from npm start -- --receipts FILE, or from the API';
const NAMED_PROBLEMS = 3;

/** A receipt, or what is wrong with what should be one, with the fix. */
export type Checked = { readonly receipt: Receipt } | { readonly problem: string };

/** Checks that a value is a receipt in its plain form. Its keys keep their order: a decision is compared byte for byte. */
export function checkReceipt(value: unknown): Checked {
  const { success, error } = receipt.safeParse(value);
  if (success) return { receipt: receiptOf(value as Receipt) };
  const issues = error.issues.slice(0, NAMED_PROBLEMS).map(({ path, message }) => {
    const what = message.endsWith('received undefined')
      ? 'is missing'
      : message.replace(/^Invalid input: /, '');
    return `${path.length === 0 ? 'receipt' : path.join('.')}: ${what}`;
  });
  return { problem: `${issues.join('; ')} (${FIX})` };
}

/** Whether a line is JSON, whatever it says. */
export function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Checks a line of a file: a receipt, or a whole answer of the API with several. */
export function checkLine(line: string): readonly Checked[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return [{ problem: `is not JSON: ${error instanceof Error ? error.message : String(error)} (${FIX})` }];
  }
  return receiptsIn(value)?.map(checkReceipt) ?? [checkReceipt(value)];
}

const answer = z.object({ data: z.object({ receipts: z.array(z.unknown()) }) });

/** The receipts of an answer of the API; null where it is none. */
export function receiptsIn(value: unknown): readonly unknown[] | null {
  const read = answer.safeParse(value);
  return read.success ? read.data.data.receipts : null;
}
