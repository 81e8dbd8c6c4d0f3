import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compose as composeAlarm } from '../../functions/alarm/compose.ts';
import { FUNCTION_ENVIRONMENTS } from '../../shared/config/function-env.ts';

const FUNCTIONS = fileURLToPath(new URL('../../functions', import.meta.url));
const sourceOf = (path: string) => readFileSync(join(FUNCTIONS, path), 'utf8');
const NAMES = Object.keys(FUNCTION_ENVIRONMENTS);

describe('the functions', () => {
  it.each(NAMES)('%s: its handler is made by the chain, in a few lines', (name) => {
    const source = sourceOf(`${name}/handler.ts`);
    expect(source).toMatch(/export const handler = lambdaHandler\(/);
    expect(source.trim().split('\n').length).toBeLessThanOrEqual(15);
  });

  it('have one place that knows middy, and read the environment in compose.ts alone', () => {
    const files = readdirSync(FUNCTIONS, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.ts') && !path.startsWith('local/'));
    expect(files.length).toBeGreaterThan(30);
    expect(files.filter((path) => sourceOf(path).includes("'@middy/"))).toEqual([
      'runtime/lambda-handler.ts',
    ]);
    expect(files.filter((path) => sourceOf(path).includes('process.env')).sort()).toEqual(
      NAMES.map((name) => `${name}/compose.ts`).sort(),
    );
  });

  it('refuse to start without their environment, and name what is missing', () => {
    const { TABLE_NAME, METRICS_NAMESPACE } = process.env;
    delete process.env['TABLE_NAME'];
    delete process.env['METRICS_NAMESPACE'];
    try {
      expect(composeAlarm).toThrow(/TABLE_NAME must be set; METRICS_NAMESPACE must be set/);
    } finally {
      if (TABLE_NAME !== undefined) process.env['TABLE_NAME'] = TABLE_NAME;
      if (METRICS_NAMESPACE !== undefined) process.env['METRICS_NAMESPACE'] = METRICS_NAMESPACE;
    }
  });
});
