import type { Handler } from 'hono';
import { plainReceipt } from '../../../shared/core/receipt-text.ts';
import type { TargetId } from '../../../shared/core/target.ts';
import type { PolicySource } from '../../../shared/ports/policy-source.ts';
import type { ReceiptPage, ReceiptQuery, ReceiptStore } from '../../../shared/ports/receipt-store.ts';
import { answer, invalidFields, refuse } from './answers.ts';
import { type ReceiptFilters, readReceiptQuery } from './event-query.ts';
import type { PastReads } from './past-reads.ts';
import { targetNamed, unknownTarget } from './unknown-target.ts';

/** An answer of Lambda may have 6 MB, escaped as a JSON text. */
const PAGE_CHARACTERS = 2_000_000;

/** `GET /api/infrastructure/scaling/receipts`: a page of the decisions of a target with everything that led to them, newest first. */
export const listReceipts =
  (receipts: ReceiptStore, policies: PolicySource, past: PastReads): Handler =>
  async (c) => {
    const read = readReceiptQuery(c.req.queries());
    if (!read.ok) return refuse(c, invalidFields(read.problems));
    const { target: name } = read.value;
    const target = targetNamed(policies.all(), name);
    if (target === null) {
      const known = policies.all().map((policy) => policy.name);
      return refuse(c, unknownTarget(name, known));
    }
    const query = queryOf(read.value, target);
    return answer(c, await past(c, 'receipts', query, () => pageThatFits(receipts, query)));
  };

/** A page as it is answered. */
interface PlainPage {
  readonly receipts: readonly object[];
  readonly cursor: string | null;
}

/** A page in its plain form; shorter than asked for where it would be too long for an answer. */
async function pageThatFits(receipts: ReceiptStore, query: ReceiptQuery): Promise<PlainPage> {
  const page: ReceiptPage = await receipts.list(query);
  const plain = page.receipts.map(plainReceipt);
  const fits = plain.length <= 1 || JSON.stringify(plain).length <= PAGE_CHARACTERS;
  if (fits) return { receipts: plain, cursor: page.cursor };
  return pageThatFits(receipts, { ...query, limit: Math.floor(plain.length / 2) });
}

function queryOf({ limit, since, until, cursor }: ReceiptFilters, target: TargetId): ReceiptQuery {
  return {
    target,
    limit,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
