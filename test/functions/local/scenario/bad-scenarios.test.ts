import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runScenarios } from '../../../../functions/local/scenario/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));

const GOOD = `name: good
duration: 2m
policies:
  - apiVersion: plimsoll/v1
    kind: ScalingPolicy
    metadata: { name: web }
    spec:
      target: { kind: ecs-service, cluster: prod, service: web }
      bounds: { min: 2, max: 20 }
      strategies:
        - { type: target-tracking, target: 70, metric: { preset: cpu } }
load: { constant: 100 }
faults:
  - { kind: metrics-missing, at: 1m, policy: web }
expect:
  - { kind: always, measure: web.running, atLeast: 2 }
`;

/** What the command says of a file, with its name left out. */
async function said(text: string): Promise<readonly string[]> {
  const path = join(folder, 'scenario.yaml');
  writeFileSync(path, text);
  const lines: string[] = [];
  const code = await runScenarios([path], (line) => lines.push(line));
  expect(code).toBe(lines.some((line) => line.startsWith(path)) ? 1 : 0);
  return lines.map((line) => line.replace(`${path}:`, ''));
}

it('runs a scenario without a mistake', async () => {
  expect(await said(GOOD)).toContain('1 passed, 0 failed');
});

it.each([
  [
    'measure: web.running',
    'measure: web.runing',
    '16:30 expect[0].measure: there is no measure "web.runing" (did you mean "web.running"?)',
  ],
  ['policy: web }', 'policy: api }', '14:46 faults[0].policy: there is no policy "api" (known here: web)'],
  [
    'at: 1m',
    'at: 5m',
    '14:34 faults[0].at: 5m is after the end of the run (write 2m or less, or a longer duration)',
  ],
  [
    'at: 1m',
    'at: soon',
    '14:34 faults[0].at: "soon" is not a time from the start (a whole number and s, m, h or d, such as 0s, 90s or 12m)',
  ],
  [
    'metrics-missing',
    'metric-missing',
    '14:13 faults[0].kind: "metric-missing" is not known here (did you mean "metrics-missing"?)',
  ],
  [
    '{ constant: 100 }',
    '{ constant: 100, trace: wc98 }',
    '12:7 load: give one of constant, steps, trace (here: 2)',
  ],
  [', atLeast: 2', '', '16:5 expect[0]: says no bound (add atLeast, atMost or equals)'],
  [
    'atLeast: 2',
    'atLeast: db.ready',
    '16:52 expect[0].atLeast: there is no measure "db.ready" (did you mean "web.ready"?)',
  ],
  ['min: 2', 'min: -2', '9:22 policies[0].spec.bounds.min: -2 is too small (give at least 0)'],
  ['load:', 'laod:', '12:1 laod: unknown key (did you mean "load"?)'],
])('refuses %s as %s, with the place and the fix', async (right, wrong, problem) => {
  expect(await said(GOOD.replace(right, wrong))).toContain(problem);
});

it('refuses a policy file that is not there', async () => {
  const text = GOOD.replace('policies:\n', 'policies:\n  - no-such.yaml\n');
  expect(await said(text)).toEqual([
    '4:5 policies[0]: "no-such.yaml": no such file or folder (correct the path)',
  ]);
});

it('refuses a file that is not there, and one that holds two scenarios', async () => {
  const lines: string[] = [];
  expect(await runScenarios(['no-such.yaml'], (line) => lines.push(line))).toBe(1);
  expect(lines).toEqual(['no-such.yaml:1:1 document: no such file (correct the path)']);
  expect(await said(`${GOOD}---\nname: two\n`)).toEqual([
    '18:1 document: a second document (a file holds one scenario: move it to another file)',
  ]);
});
