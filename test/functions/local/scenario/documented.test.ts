import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { runScenarios } from '../../../../functions/local/scenario/command.ts';
import { CACHE_MEASURES, DATABASE_MEASURES } from '../../../../functions/local/scenario/measure-names.ts';
import { ScenarioDocument } from '../../../../functions/local/scenario/schema.ts';

const TEXT = readFileSync('docs/scenarios.md', 'utf8');

it('runs the example of docs/scenarios.md', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  const path = join(folder, 'first.yaml');
  writeFileSync(path, /```yaml\n([\s\S]*?)```/.exec(TEXT)?.[1] ?? '');
  const lines: string[] = [];
  expect(await runScenarios([path], (line) => lines.push(line))).toBe(0);
  expect(lines.at(-1)).toBe('1 passed, 0 failed');
  rmSync(folder, { recursive: true });
});

it('describes every field, every kind and every measure there', () => {
  const schema = JSON.stringify(z.toJSONSchema(ScenarioDocument, { unrepresentable: 'any' }));
  const words = new Set(
    [...schema.matchAll(/"const":"([^"]+)"|"(\w+)":\{/g)].map(([, kind, field]) => kind ?? field ?? ''),
  );
  for (const word of ['properties', 'items', 'additionalProperties', 'propertyNames']) words.delete(word);
  const missing = [...words].filter((word) => !new RegExp(`\\b${word}\\b`).test(TEXT));
  expect(missing).toEqual([]);
  const measures = [...DATABASE_MEASURES, ...CACHE_MEASURES].filter(
    (name) => !TEXT.includes(`\`${name}\``) && !TEXT.includes(`\`.${name.split('.')[1]}\``),
  );
  expect(measures).toEqual([]);
});
