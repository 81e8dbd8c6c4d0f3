import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOLD_REASONS } from '../../../../shared/core/decision.ts';
import { GUARDS } from '../../../../shared/core/guards/order.ts';

const page = readFileSync(new URL('../../../../docs/decisions-explained.md', import.meta.url), 'utf8');

describe('the page that explains decisions', () => {
  it.each(HOLD_REASONS)('has a line for the reason %s: what it means, when it ends, what to do', (reason) => {
    expect(page).toMatch(new RegExp(`^\\| \`${reason}\` \\| [^|]+ \\| [^|]+ \\| [^|]+ \\|$`, 'm'));
  });

  it('explains no reason that there is not', () => {
    const explained = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, reason]) => reason);
    expect(explained).toEqual([...HOLD_REASONS]);
  });

  it('names the guards in their order', () => {
    const order =
      page
        .match(/The order: ([^.]+)\./)?.[1]
        ?.replace(/\s+/g, ' ')
        .split(', ') ?? [];
    expect(order.map((name) => name.replaceAll(' ', '-'))).toEqual(GUARDS.map(({ name }) => name));
  });
});
