import { describe, expect, it } from 'vitest';
import { packReceipt, unpackReceipt } from '../../shared/adapters/receipt-codec.ts';
import { decideAgain } from '../../shared/core/why-not.ts';
import { aReceipt } from '../support/a-receipt.ts';
import { anyCircumstances } from '../support/arbitraries.ts';
import { fc } from '../support/fast-check.ts';

describe('a receipt that was stored', () => {
  it('is decided again to the same bytes, whatever the circumstances', () => {
    fc.assert(
      fc.property(anyCircumstances, (circumstances) => {
        const receipt = aReceipt(circumstances);
        const again = decideAgain(unpackReceipt(packReceipt(receipt)));
        expect(JSON.stringify(again)).toBe(JSON.stringify(receipt.decision));
      }),
      { numRuns: 10_000 },
    );
  }, 120_000);

  it('takes a kilobyte or so', () => {
    expect(packReceipt(aReceipt()).length).toBeLessThan(1500);
  });

  it('is refused when its bytes are not those of a receipt', () => {
    const invalid = expect.objectContaining({ code: 'invalid', retryable: false });
    for (const bytes of [new Uint8Array(), Buffer.from('no deflate'), packReceipt(aReceipt()).slice(0, 99)])
      expect(() => unpackReceipt(bytes)).toThrow(invalid);
  });
});
