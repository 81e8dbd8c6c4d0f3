import { fillTemplate, type HttpItem } from '../../core/warm-plan.ts';
import type { WarmPage, WarmRefusal, WarmRow, WarmSource, WarmValue } from '../../ports/warm-source.ts';

/** What goes with every request, and how much of an answer is read. */
export interface HttpOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly valueBytes: number;
}

/** Answers of HTTP requests, one for each row of the item's list. Redirects are not followed: headers would go with them. */
export function httpSource(item: HttpItem, options: HttpOptions): WarmSource {
  return {
    page: async (cursor, limit) => pageOf(item, Number(cursor ?? 0), limit),
    ask: (row) => answerOf(item, row, options),
    close: async () => undefined,
  };
}

function pageOf(item: HttpItem, from: number, limit: number): WarmPage {
  const to = from + limit;
  const rows = item.list.slice(from, to).map((row): WarmRow => {
    if (item.url === null) return row;
    const filled = fillTemplate(item.url, row, encodeURIComponent);
    return filled.kind === 'filled' ? { ...row, url: filled.text } : row;
  });
  return { kind: 'page', rows, next: to < item.list.length ? String(to) : null, queries: 0 };
}

async function answerOf(
  { url, expectedStatus, timeoutSeconds, codec }: HttpItem,
  row: WarmRow,
  { headers, valueBytes }: HttpOptions,
): Promise<WarmValue> {
  const filled = row['url'];
  if (typeof filled !== 'string')
    return fault('unknown-column', `A row lacks a column of the URL ${String(url)}.`);
  try {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const response = await fetch(filled, { headers, signal, redirect: 'manual' });
    if (response.status !== expectedStatus) {
      await response.body?.cancel();
      return fault('source', `A request was answered with ${response.status}, not ${expectedStatus}.`);
    }
    const body = await bodyOf(response, valueBytes);
    if (body === null) return fault('value-too-large', `An answer has more than ${valueBytes} bytes.`);
    return codec === 'raw' ? { kind: 'value', value: body } : jsonOf(body);
  } catch (error) {
    return isTimeout(error)
      ? fault('timeout', `A request took longer than ${timeoutSeconds} s.`)
      : fault('source', `A request was not answered (${codeOf(error)}).`);
  }
}

/** The body, or null as soon as it is too large. */
async function bodyOf(response: Response, limit: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > limit) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function jsonOf(body: Uint8Array): WarmValue {
  try {
    return { kind: 'value', value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) };
  } catch {
    // What it is instead may be anything, and is not told.
    return fault('value', 'An answer is not JSON.');
  }
}

const fault = (kind: WarmRefusal['fault'], detail: string): WarmRefusal => ({
  kind: 'fault',
  fault: kind,
  detail,
});

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && /^(TimeoutError|AbortError)$/.test(error.name);

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no code';
}
