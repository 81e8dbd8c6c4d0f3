import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A file that would break a rule of the layout, or would not. */
interface Plant {
  /** The folder that it is planted in. */
  readonly at: string;
  readonly imports: string;
  /** What the rule says; null where the import is allowed. */
  readonly says: string | null;
}

const refuse = (at: string, says: string, ...imports: readonly string[]): Plant[] =>
  imports.map((each) => ({ at, imports: each, says }));
const allow = (at: string, ...imports: readonly string[]): Plant[] =>
  imports.map((each) => ({ at, imports: each, says: null }));

const CORE = 'shared/core is pure';
const PORTS = 'shared/ports sees shared/core only';
const CALENDAR = 'shared/calendar sees shared/core and croner only';
const CACHE = 'shared/cache sees core, ports, lru-cache and cockatiel only';
const USECASES = 'shared/usecases sees core and ports only';
const ADAPTERS = 'shared/adapters sees core, ports and events/contracts only';
const SDK = '@aws-sdk belongs to shared/adapters/aws alone';
const CONFIG = 'shared/config sees core, ports and events/contracts only';
const VERIFICATION = 'shared/verification sees core and ports only';
const SIMULATION = 'shared/simulation sees the rest of shared';
const CONTRACTS = 'events/contracts sees zod only';
const FUNCTIONS = 'never another function, infra or test';
const INFRA = 'infra refers to code by path';

const PLANTS: readonly Plant[] = [
  ...refuse(
    'shared/core',
    CORE,
    'zod',
    'node:fs',
    '@aws-sdk/client-ecs',
    '../ports/clock.ts',
    '../usecases/deps.ts',
  ),
  ...refuse(
    'shared/core',
    CORE,
    '../adapters/plain-json.ts',
    '../config/problem.ts',
    '../simulation/workload.ts',
  ),
  ...refuse('shared/core', CORE, '../../events/contracts/envelope.ts', '../../functions/api/compose.ts'),
  ...refuse(
    'shared/core/guards',
    CORE,
    '../../ports/clock.ts',
    '../../../infra/app.ts',
    '../../../test/support/a-policy.ts',
  ),
  ...allow('shared/core', './time.ts', './hpa/rate.ts'),
  ...allow('shared/core/guards', './guard.ts', '../time.ts', '../hpa/rate.ts'),

  ...refuse(
    'shared/ports',
    PORTS,
    'zod',
    'node:fs',
    '@aws-sdk/client-ecs',
    '../usecases/deps.ts',
    '../adapters/plain-json.ts',
  ),
  ...refuse('shared/ports', PORTS, '../../events/contracts/envelope.ts', '../../functions/api/compose.ts'),
  ...allow('shared/ports', './clock.ts', '../core/time.ts', '../core/hpa/rate.ts'),

  ...refuse(
    'shared/calendar',
    CALENDAR,
    'zod',
    'node:fs',
    '@aws-sdk/client-ecs',
    '../ports/calendar.ts',
    '../config/problem.ts',
    '../adapters/plain-json.ts',
  ),
  ...refuse(
    'shared/cache',
    CACHE,
    'ioredis',
    'node:fs',
    '@aws-sdk/client-elasticache',
    '../adapters/redis/redis-cache-store.ts',
    '../usecases/deps.ts',
    '../../functions/api/compose.ts',
  ),
  ...allow(
    'shared/cache',
    'lru-cache',
    'cockatiel',
    'node:zlib',
    './keys.ts',
    '../core/glob.ts',
    '../ports/cache-store.ts',
  ),
  ...allow('shared/calendar', 'croner', './zone-clock.ts', '../core/time.ts'),

  ...refuse(
    'shared/usecases',
    USECASES,
    'zod',
    'node:crypto',
    '@aws-sdk/client-ecs',
    '../adapters/plain-json.ts',
  ),
  ...refuse(
    'shared/usecases',
    USECASES,
    '../adapters/aws/targets.ts',
    '../config/problem.ts',
    '../simulation/workload.ts',
  ),
  ...refuse(
    'shared/usecases',
    USECASES,
    '../../functions/api/compose.ts',
    '../../infra/app.ts',
    '../../test/support/a-policy.ts',
  ),
  ...allow('shared/usecases', './deps.ts', '../core/time.ts', '../core/guards/order.ts', '../ports/clock.ts'),

  ...['shared/adapters/aws', 'shared/adapters/memory', 'shared/adapters/redis'].flatMap((at) => [
    ...refuse(
      at,
      ADAPTERS,
      '../../usecases/deps.ts',
      '../../config/problem.ts',
      '../../simulation/workload.ts',
    ),
    ...refuse(
      at,
      ADAPTERS,
      '../../../functions/api/compose.ts',
      '../../../infra/app.ts',
      '../../../test/support/a-policy.ts',
    ),
    ...allow(at, './sibling.ts', '../plain-json.ts', '../../core/time.ts', '../../ports/clock.ts'),
    ...allow(at, '../../../events/contracts/envelope.ts', 'node:crypto'),
  ]),
  ...allow('shared/adapters/aws', '@aws-sdk/client-ecs', '@aws-sdk/lib-dynamodb'),
  ...refuse('shared/adapters/aws', ADAPTERS, '../memory/memory-ledger.ts'),
  ...refuse('shared/adapters/memory', SDK, '@aws-sdk/client-ecs', '@smithy/core/schema', '../aws/targets.ts'),
  ...refuse('shared/adapters/redis', SDK, '@smithy/signature-v4', '../aws/elasticache-token.ts'),
  ...allow('shared/adapters/redis', 'ioredis', 'cockatiel'),
  ...refuse('shared/adapters', SDK, '@aws-sdk/client-ecs', './aws/targets.ts'),
  ...refuse('shared/adapters', ADAPTERS, '../usecases/deps.ts', '../config/problem.ts'),
  ...allow('shared/adapters', '../core/time.ts', '../ports/clock.ts', '../calendar/zone-clock.ts'),

  ...refuse('shared/config', SDK, '@aws-sdk/client-ecs'),
  ...refuse(
    'shared/config',
    CONFIG,
    '../usecases/deps.ts',
    '../adapters/plain-json.ts',
    '../adapters/aws/targets.ts',
  ),
  ...refuse(
    'shared/config',
    CONFIG,
    '../simulation/workload.ts',
    '../../functions/api/compose.ts',
    '../../infra/app.ts',
  ),
  ...refuse('shared/config/schema', CONFIG, '../../usecases/deps.ts', '../../../test/support/a-policy.ts'),
  ...allow('shared/config', 'zod', 'zod/mini', 'yaml', '../core/policy.ts', './schema/metric.ts'),
  ...allow('shared/config', '../calendar/cron-times.ts'),

  ...refuse(
    'shared/verification',
    VERIFICATION,
    'zod',
    'node:fs',
    '@aws-sdk/client-ecs',
    '../calendar/cron-times.ts',
  ),
  ...refuse(
    'shared/verification',
    VERIFICATION,
    '../usecases/deps.ts',
    '../adapters/plain-json.ts',
    '../config/problem.ts',
    '../simulation/workload.ts',
  ),
  ...refuse(
    'shared/verification/checks',
    VERIFICATION,
    '../../adapters/calendar/croner-calendar.ts',
    '../../../functions/local/main.ts',
    '../../../test/support/a-policy.ts',
  ),
  ...allow(
    'shared/verification',
    './lab.ts',
    './checks/bounds.ts',
    '../core/decide.ts',
    '../ports/calendar.ts',
  ),
  ...allow(
    'shared/verification/checks',
    '../lab.ts',
    '../../core/guards/order.ts',
    '../../ports/calendar.ts',
  ),

  ...refuse('shared/simulation', SDK, '@aws-sdk/client-ecs', '../adapters/aws/targets.ts'),
  ...refuse(
    'shared/simulation',
    SIMULATION,
    '../../functions/local/main.ts',
    '../../infra/app.ts',
    '../../test/support/a-policy.ts',
  ),
  ...allow(
    'shared/simulation',
    'jsep',
    '../core/time.ts',
    '../usecases/deps.ts',
    '../adapters/memory/memory-ledger.ts',
  ),

  ...refuse(
    'events/contracts',
    CONTRACTS,
    'yaml',
    'node:fs',
    '@aws-sdk/client-ecs',
    '../../shared/core/time.ts',
  ),
  ...refuse('events/contracts', CONTRACTS, '../../functions/api/compose.ts', '../samples/read.ts'),
  ...allow('events/contracts', 'zod', 'zod/mini', './envelope.ts'),

  ...refuse('functions/alarm', FUNCTIONS, '../sweep/handler.ts', '../local/main.ts', '../api/compose.ts'),
  ...refuse('functions/alarm', FUNCTIONS, '../../infra/app.ts', '../../test/support/a-policy.ts'),
  ...refuse(
    'functions/local/aws-services',
    FUNCTIONS,
    '../../alarm/handler.ts',
    '../../../infra/app.ts',
    '../../../test/support/a-world.ts',
  ),
  ...refuse('functions/runtime', FUNCTIONS, '../sweep/handler.ts', '../../test/support/a-policy.ts'),
  ...refuse('functions/runtime/api', FUNCTIONS, '../../api/compose.ts', '../../../infra/app.ts'),
  ...allow(
    'functions/alarm',
    './compose.ts',
    '../runtime/lambda-handler.ts',
    '../runtime/api/app.ts',
    '@middy/core',
  ),
  ...allow('functions/alarm', '../../shared/usecases/deps.ts', '../../events/contracts/envelope.ts'),
  ...allow(
    'functions/local/aws-services',
    '../aws-endpoint/service.ts',
    '../log.ts',
    '../../runtime/api/app.ts',
  ),
  ...allow('functions/local/aws-services', '../../../shared/core/time.ts', '@aws-sdk/client-ecs'),
  ...allow('functions/runtime/api', '../function-runtime.ts', '../../../shared/core/time.ts'),

  ...refuse(
    'infra',
    INFRA,
    '../shared/usecases/deps.ts',
    '../shared/adapters/aws/targets.ts',
    '../functions/api/handler.ts',
  ),
  ...refuse(
    'infra/constructs',
    INFRA,
    '../../shared/simulation/workload.ts',
    '../../functions/api/handler.ts',
    '../../test/support/a-policy.ts',
  ),
  ...allow(
    'infra',
    'aws-cdk-lib',
    './constructs/table.ts',
    '../shared/config/function-env.ts',
    '../shared/ports/ledger-table.ts',
  ),
];

/** Globals of the core that would make a decision depend on more than its arguments, each in a file of its own. */
const DENIED_IN_CORE = {
  Date: 'new Date()',
  performance: 'performance.now()',
  process: 'process.uptime()',
  globalThis: 'globalThis.Date',
  console: 'console.log(1)',
  crypto: 'crypto.randomUUID()',
  fetch: "fetch('https://example.com')",
  setTimeout: 'setTimeout(() => {}, 1)',
  setInterval: 'setInterval(() => {}, 1)',
} as const;

const fileOf = ({ at }: Plant, index: number): string => `${at}/planted-${index}.ts`;
const globalFile = (name: string): string => `shared/core/planted-global-${name.toLowerCase()}.ts`;

/** A tree of planted files beside a copy of our own rules, read by the linter in one process. */
class PlantedTree {
  readonly #root = mkdtempSync(join(tmpdir(), 'plimsoll-import-rules-'));

  constructor(files: Readonly<Record<string, string>>) {
    cpSync(join(ROOT, 'biome.json'), join(this.#root, 'biome.json'));
    for (const [file, text] of Object.entries(files)) {
      const path = join(this.#root, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }

  /** What the linter says, by file. */
  lint(): ReadonlyMap<string, readonly string[]> {
    const linter = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
    const options = ['--vcs-enabled=false', '--reporter=github', '--max-diagnostics=none'];
    const only = ['--only=style/noRestrictedImports', '--only=style/noRestrictedGlobals'];
    const run = spawnSync(process.execPath, [linter, 'lint', ...options, ...only, '.'], {
      cwd: this.#root,
      encoding: 'utf8',
    });
    const said = new Map<string, string[]>();
    for (const [, file = '', message = ''] of run.stdout.matchAll(/^::error .*?file=([^,]+),.*?::(.*)$/gm)) {
      const name = file.startsWith(this.#root) ? relative(this.#root, file) : file;
      said.set(name, [...(said.get(name) ?? []), message]);
    }
    return said;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

describe('the import rules bite', () => {
  const source = (specifier: string) => `import { it } from '${specifier}';\n\nexport const planted = it;\n`;
  let tree: PlantedTree;
  let said: ReadonlyMap<string, readonly string[]>;

  beforeAll(() => {
    tree = new PlantedTree({
      ...Object.fromEntries(PLANTS.map((plant, index) => [fileOf(plant, index), source(plant.imports)])),
      ...Object.fromEntries(
        Object.entries(DENIED_IN_CORE).map(([name, use]) => [
          globalFile(name),
          `export const planted = () => ${use};\n`,
        ]),
      ),
      'shared/core/planted-type.ts':
        "import type { it } from '../ports/clock.ts';\n\nexport type Planted = it;\n",
      'shared/core/planted-later.ts': "export const planted = () => import('node:fs');\n",
      'shared/core/planted-again.ts': "export { it } from '../ports/clock.ts';\n",
    });
    said = tree.lint();
  });

  afterAll(() => tree.remove());

  const numbered = PLANTS.map((plant, index) => ({ ...plant, file: fileOf(plant, index) }));

  test.each(numbered.filter(({ says }) => says !== null))(
    '$at must not import $imports',
    ({ file, says }) => {
      expect(said.get(file)?.join('\n') ?? 'nothing was said').toContain(says);
    },
  );

  test.each(numbered.filter(({ says }) => says === null))('$at may import $imports', ({ file }) => {
    expect(said.get(file) ?? []).toEqual([]);
  });

  test.each(Object.keys(DENIED_IN_CORE))('shared/core must not use %s', (name) => {
    expect(said.get(globalFile(name))?.length).toBe(1);
  });

  test.each(['type', 'later', 'again'])('an import cannot hide: %s', (kind) => {
    expect(said.get(`shared/core/planted-${kind}.ts`)?.join() ?? 'nothing was said').toContain(CORE);
  });
});

describe('the real tree', () => {
  const files = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'));

  const speaks = (file: string, of: RegExp): boolean => of.test(readFileSync(join(ROOT, file), 'utf8'));

  it('imports the SDK nowhere in shared but in shared/adapters/aws', () => {
    const shared = files('shared');
    expect(shared.length).toBeGreaterThan(50);
    const users = shared.filter((file) => speaks(file, /(from|import\()\s*['"]@(aws-sdk|smithy)\//));
    expect(users.filter((file) => !file.startsWith('shared/adapters/aws/'))).toEqual([]);
    expect(users.length).toBeGreaterThan(0);
  });

  it('has a rule for every folder of shared', () => {
    const ruled = [
      'adapters',
      'cache',
      'calendar',
      'config',
      'core',
      'ports',
      'simulation',
      'usecases',
      'verification',
    ];
    const folders = new Set(files('shared').map((file) => file.split('/')[1]));
    expect([...folders].sort()).toEqual(ruled);
  });

  it('switches none of these rules off', () => {
    const sources = ['shared', 'functions', 'infra', 'events'].flatMap(files);
    expect(sources.filter((file) => speaks(file, /biome-ignore[^\n]*noRestricted/))).toEqual([]);
  });
});
