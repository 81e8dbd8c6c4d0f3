import type { MetricReading, Snapshot } from './capacity.ts';
import type { Receipt } from './receipt.ts';

/** Numbers that JSON cannot write, by the text that stands for them. A metric may have any of them. */
const UNWRITABLE: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

/** A receipt as plain JSON: the same but for metric values that JSON cannot write, which are texts such as `NaN`. */
export const plainReceipt = (receipt: Receipt): object => withValues(receipt, writable);

/** The receipt that {@link plainReceipt} wrote. What it was given it trusts: check what comes from outside before. */
export const receiptOf = (plain: Receipt): Receipt => withValues(plain, readable);

/** A receipt on one line. */
export const receiptLine = (receipt: Receipt): string => JSON.stringify(plainReceipt(receipt));

const writable = (value: number): number => {
  if (Object.is(value, -0)) return '-0' as unknown as number;
  return Number.isFinite(value) ? value : (String(value) as unknown as number);
};

const readable = (value: number): number => UNWRITABLE.get(value) ?? value;

type Convert = (value: number) => number;

function withValues(receipt: Receipt, convert: Convert): Receipt {
  const { snapshot } = receipt;
  const metrics: Snapshot['metrics'] = Object.fromEntries(
    Object.entries(snapshot.metrics).map(([id, reading]) => [id, converted(reading, convert)]),
  );
  return { ...receipt, snapshot: { ...snapshot, metrics } };
}

function converted(reading: MetricReading, convert: Convert): MetricReading {
  const withValue = <T extends { readonly value: number }>(point: T): T => ({
    ...point,
    value: convert(point.value),
  });
  switch (reading.kind) {
    case 'value':
      return reading.earlier === undefined
        ? withValue(reading)
        : withValue({ ...reading, earlier: reading.earlier.map(withValue) });
    case 'samples':
      return { ...reading, samples: reading.samples.map(withValue) };
    case 'missing':
      return reading;
  }
}
