import { describe, expect, it } from 'vitest';
import { isReceiptKept } from '../../shared/core/receipt.ts';
import { plainReceipt, receiptLine, receiptOf } from '../../shared/core/receipt-text.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aReceipt } from '../support/a-receipt.ts';
import { aReading, aSnapshot } from '../support/a-snapshot.ts';
import { anyCircumstances } from '../support/arbitraries.ts';
import { fc } from '../support/fast-check.ts';
import { NOW } from '../support/now.ts';

const holds = (share: number, prefix: string, count = 10_000): number =>
  Array.from({ length: count }, (_, index) =>
    aReceipt({ id: `${prefix}${index}`, policy: aPolicy({ receiptsOfHolds: share }) }),
  ).filter(isReceiptKept).length;

describe('which receipts are kept', () => {
  it('is that of every resize, whatever the policy says of holds', () => {
    const resize = aReceipt({
      policy: aPolicy({ receiptsOfHolds: 0 }),
      snapshot: aSnapshot({ metrics: { cpu: 90 } }),
    });
    expect(resize.decision.kind).toBe('resize');
    expect(isReceiptKept(resize)).toBe(true);
  });

  it('is none of the holds at a share of 0, and every one at 1', () => {
    expect(holds(0, 'local-', 1000)).toBe(0);
    expect(holds(1, 'local-', 1000)).toBe(1000);
  });

  it.each(['local-', 'b7d3c9aa-1f1e-4a52-9d7e-'])('is near the share for ids that count up: %s', (prefix) => {
    for (const share of [0.01, 0.25, 0.5]) {
      const kept = holds(share, prefix) / 10_000;
      expect(kept).toBeGreaterThan(share * 0.7);
      expect(kept).toBeLessThan(share * 1.3);
    }
  });

  it('is spread over ids that count up, not in bunches', () => {
    const kept = Array.from({ length: 10_000 }, (_, index) =>
      isReceiptKept(aReceipt({ id: `local-${index}`, policy: aPolicy({ receiptsOfHolds: 0.1 }) }))
        ? 'x'
        : ' ',
    );
    const longest = Math.max(
      ...kept
        .join('')
        .split(' ')
        .map((run) => run.length),
    );
    expect(longest).toBeLessThan(7);
  });

  it('is the same each time it is asked', () => {
    const receipt = aReceipt({ policy: aPolicy({ receiptsOfHolds: 0.5 }) });
    const answers = new Set(Array.from({ length: 100 }, () => isReceiptKept(receipt)));
    expect(answers.size).toBe(1);
  });
});

describe('a receipt as text', () => {
  it('comes back as it was, whatever numbers the metrics had', () => {
    fc.assert(
      fc.property(anyCircumstances, fc.double(), (circumstances, odd) => {
        const { snapshot } = circumstances;
        const reading = { kind: 'value', value: odd, at: NOW, earlier: [{ at: NOW, value: -odd }] } as const;
        const samples = { kind: 'samples', samples: [{ unit: 'a', value: odd }], at: NOW } as const;
        const receipt = {
          ...aReceipt(),
          ...circumstances,
          snapshot: { ...snapshot, metrics: { ...snapshot.metrics, odd: reading, samples } },
        };
        const back = receiptOf(JSON.parse(receiptLine(receipt)));
        expect(back.snapshot.metrics).toEqual(receipt.snapshot.metrics);
        expect(JSON.stringify(back)).toBe(JSON.stringify(receipt));
      }),
      { numRuns: 500 },
    );
  });

  it('says what JSON cannot in words, and leaves the rest alone', () => {
    const { snapshot } = plainReceipt(
      aReceipt({ snapshot: aSnapshot({ metrics: { cpu: -0, memory: aReading('stale') } }) }),
    ) as { snapshot: object };
    expect(snapshot).toMatchObject({
      metrics: { cpu: { kind: 'value', value: '-0' }, memory: { kind: 'missing', reason: 'stale' } },
    });
  });

  it('is on one line', () => {
    expect(receiptLine(aReceipt({ policy: aPolicy({ name: 'two\nlines' }) }))).not.toContain('\n');
  });
});
