import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { API_ERROR_CODES } from '../../../../functions/runtime/api/answers.ts';
import { EVENT_TYPES } from '../../../../shared/core/controller-event.ts';

const page = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8');

describe('the page about the API', () => {
  it.each(API_ERROR_CODES)('explains the code %s', (code) => {
    expect(page).toMatch(new RegExp(`^\\| \\d{3} \\| \`${code}\` \\|`, 'm'));
  });

  it('lists every type of event', () => {
    for (const type of EVENT_TYPES) expect(page).toContain(`\`${type}\``);
  });
});
