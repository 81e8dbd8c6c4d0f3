import { fillTemplate, type WarmItem, type WarmLimits, type WarmTtl } from '../core/warm-plan.ts';
import type { CacheEntry } from '../ports/cache-store.ts';
import type { WarmRefusal, WarmRow } from '../ports/warm-source.ts';

/** What becomes of a row, or why nothing does. `column-missing`: no row of this source has it, so the item is wrong. */
export type Made<T> =
  | { readonly kind: 'made'; readonly made: T }
  | WarmRefusal
  | { readonly kind: 'column-missing'; readonly column: string };

const encoder = new TextEncoder();

/** The key of a row. */
export function keyOf(
  template: string,
  row: WarmRow,
  { keyBytes }: Pick<WarmLimits, 'keyBytes'>,
): Made<string> {
  const filled = fillTemplate(template, row);
  if (filled.kind === 'unknown') {
    const { column } = filled;
    return Object.hasOwn(row, column)
      ? { kind: 'fault', fault: 'value', detail: `A row has no value in ${column}, which its key needs.` }
      : { kind: 'column-missing', column };
  }
  const bytes = encoder.encode(filled.text).length;
  if (bytes <= keyBytes) return { kind: 'made', made: filled.text };
  return {
    kind: 'fault',
    fault: 'key-too-long',
    detail: `A key of ${template} has ${bytes} bytes, more than ${keyBytes}.`,
  };
}

/** The value as it is stored. `given`: the row, or what was asked for it. */
export function bytesOf(
  item: Pick<WarmItem, 'columns' | 'codec'>,
  given: unknown,
  { valueBytes }: Pick<WarmLimits, 'valueBytes'>,
): Made<Uint8Array> {
  const picked = pick(item.columns, given);
  if (picked.kind !== 'made') return picked;
  const bytes = item.codec === 'json' ? jsonBytes(picked.made) : rawBytes(picked.made);
  if (bytes === null) {
    const detail =
      item.codec === 'raw'
        ? 'A value is no text, number or bytes: raw takes one column (name it in columns).'
        : 'A value cannot be written as JSON.';
    return { kind: 'fault', fault: 'value', detail };
  }
  if (bytes.length <= valueBytes) return { kind: 'made', made: bytes };
  return {
    kind: 'fault',
    fault: 'value-too-large',
    detail: `A value has ${bytes.length} bytes, more than ${valueBytes}.`,
  };
}

/** An entry whose time is shortened by its share of jitter. */
export const entryOf = (
  key: string,
  value: Uint8Array,
  { seconds, jitterPercent }: WarmTtl,
  random: number,
): CacheEntry => ({ key, value, ttlSeconds: Math.max(1, seconds * (1 - (jitterPercent / 100) * random)) });

function pick(columns: readonly string[] | null, given: unknown): Made<unknown> {
  if (columns === null) return { kind: 'made', made: given };
  if (Array.isArray(given)) {
    const all = given.map((each) => pick(columns, each));
    return (
      all.find((each) => each.kind !== 'made') ?? {
        kind: 'made',
        made: all.flatMap((each) => (each.kind === 'made' ? [each.made] : [])),
      }
    );
  }
  const row = isRecord(given) ? given : {};
  const lacking = columns.find((column) => !Object.hasOwn(row, column));
  if (lacking !== undefined) return { kind: 'column-missing', column: lacking };
  const [only] = columns;
  return {
    kind: 'made',
    made:
      columns.length === 1 && only !== undefined
        ? row[only]
        : Object.fromEntries(columns.map((column) => [column, row[column]])),
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function jsonBytes(value: unknown): Uint8Array | null {
  try {
    const text: string | undefined = JSON.stringify(value, plain);
    return text === undefined ? null : encoder.encode(text);
  } catch {
    // A cycle, or a value that refuses: nothing that a cache could hold.
    return null;
  }
}

// JSON knows neither; a number beyond 2^53 would change on its way.
const plain = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Set ? [...value] : value;
};

function rawBytes(value: unknown): Uint8Array | null {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return encoder.encode(value);
  if (typeof value === 'number' || typeof value === 'bigint') return encoder.encode(String(value));
  const only = isRecord(value) ? Object.values(value) : [];
  return only.length === 1 && !Array.isArray(value) ? rawBytes(only[0]) : null;
}
