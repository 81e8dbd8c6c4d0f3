import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it, test } from 'vitest';
import { runConform } from '../../../functions/local/conform.ts';

const folder = fileURLToPath(new URL('../../fixtures/hpa/', import.meta.url));

async function check(file: string) {
  const lines: string[] = [];
  const exitCode = await runConform([`${folder}${file}`], true, (line) => lines.push(line));
  return { exitCode, lines };
}

// The two that are skipped speak of a target at zero by the rule from before Kubernetes 1.37.
test.each([
  ['behavior-public.json', '78 passed, 0 failed'],
  ['replica-calc-public.json', '84 passed, 0 failed'],
  ['reconcile-public.json', '65 passed, 0 failed, 2 skipped'],
  ['derived-public.json', '48 passed, 0 failed'],
])('the core answers the vectors of %s as Kubernetes does: %s', async (file, sum) => {
  const { exitCode, lines } = await check(file);
  expect(lines.filter((line) => !line.includes('skipped,')).slice(0, -1)).toEqual([]);
  expect(lines.at(-1)).toBe(sum);
  expect(exitCode).toBe(0);
});

it('is tried on every file of vectors that is there', () => {
  expect(readdirSync(folder).filter((file) => file.endsWith('.json'))).toHaveLength(4);
});
