import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWarmOptions, runWarmCommand } from '../../../functions/local/warm.ts';
import { startPostgres, stopPostgres, withPostgres } from '../../support/postgres-server.ts';
import { ask, startRedis, stopRedis, withPrograms } from '../../support/redis-server.ts';

const planOf = (cache: number, database: number) => `
apiVersion: plimsoll/v1
kind: WarmPlan
metadata: { name: numbers }
spec:
  cache: { endpoint: "127.0.0.1:${cache}", tls: false }
  network: { subnetIds: [subnet-11111111], securityGroupIds: [sg-11111111] }
  sampleSeconds: 0
  items:
    - name: numbers
      key: number:{n}
      ttl: 1h
      columns: [square]
      codec: raw
      sql:
        hosts: { primary: 127.0.0.1 }
        port: ${database}
        database: postgres
        user: plimsoll
        tls: false
        query: SELECT n, (n * n)::text AS square FROM generate_series(1, 100) AS n
        by: [n]
`;

withPrograms(['redis-server', 'redis-cli'], 'the command warm', () => {
  withPostgres('with real servers', () => {
    let folder = '';
    let port = 0;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'plimsoll-warm-'));
      const [database, redis] = await Promise.all([startPostgres(), startRedis()]);
      port = redis.port;
      writeFileSync(join(folder, 'plan.yaml'), planOf(port, database.port));
    }, 60_000);
    afterAll(async () => {
      await Promise.all([stopPostgres(), stopRedis()]);
      rmSync(folder, { recursive: true });
    });

    it('fills the cache that its plan names, and says what it did', async () => {
      const lines: string[] = [];
      const progress: string[] = [];
      const options = parseWarmOptions(['numbers', '--policies', folder, '--json']);
      const out = {
        line: (text: string) => lines.push(text),
        progress: (text: string) => progress.push(text),
      };
      expect(await runWarmCommand(options, out)).toBe(0);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ outcome: 'completed', keys: 100, errors: 0 });
      expect(progress.at(-1)).toBe('numbers 100 keys, done');
      expect(ask(port, ['get', 'number:12']).trim()).toBe('144');
      lines.length = 0;
      expect(await runWarmCommand({ ...options, json: false }, out)).toBe(0);
      expect(lines[0]).toMatch(/^numbers: completed\. 0 keys written and 100 kept/);
    }, 30_000);
  });
});

describe('the arguments of warm', () => {
  it.each([
    [[], 'warm: names no plan (write warm PLAN)'],
    [['a', 'b'], 'b: belongs to no option'],
    [['a', '--jsn'], "Unknown option '--jsn'"],
  ])('%j are refused in a sentence', (args, said) => {
    expect(() => parseWarmOptions(args)).toThrow(said);
  });
});
