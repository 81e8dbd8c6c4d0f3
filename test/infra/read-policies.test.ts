import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPolicies } from '../../infra/read-policies.ts';

it('stops a synthesis with file, line and fix when one policy of the folder is not valid', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-policies-'));
  const file = join(folder, 'web.yaml');
  writeFileSync(
    file,
    [
      'apiVersion: plimsoll/v1',
      'kind: ScalingPolicy',
      'metadata: { name: web }',
      'spec:',
      '  target: { kind: ecs-service, cluster: prod, service: web }',
      '  bounds: { min: 9, max: 3 }',
      '  strategies: [{ type: target-tracking, target: 60, metric: { preset: cpu } }]',
    ].join('\n'),
  );
  await expect(readPolicies(folder)).rejects.toMatchObject({ code: 'invalid' });
  await expect(readPolicies(folder)).rejects.toThrow(`${file}:6:`);
  rmSync(folder, { recursive: true });
});

it('takes the policies that the project ships', async () => {
  expect((await readPolicies('policies')).policies.length).toBeGreaterThan(0);
});
