/**
 * Cold import of every function bundle against an empty handler, in the same run: new processes in turn, medians.
 *
 *     npm run -s bench:cold-start [-- --json] [-- --starts N]
 *
 * NODE24=/path/to/node measures on another Node than this one. Two figures each: in a bare process, and in one that has
 * loaded what Lambda's runtime has loaded by the time it imports a handler: `node:http` (aws-lambda-nodejs-runtime-interface-client,
 * src/client/rapid-client.ts) and standard output.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildFunctions, bundleSizes, PROJECT_ROOT } from '../infra/build-functions.ts';
import { readPolicies } from '../infra/read-policies.ts';
import { median } from './measure.ts';
import { SAMPLE_ENVIRONMENT } from './sample-environment.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, starts: { type: 'string', default: '15' } },
});
const node = process.env['NODE24'] ?? process.execPath;

interface Start {
  readonly importMs: number;
  readonly cpuMs: number;
  readonly wallMs: number;
}

const SETTINGS = ['bare', 'lambda'] as const;
type Setting = (typeof SETTINGS)[number];

/** Runs in the new process: how long the import of one file takes there. */
const PROBE = `
if (process.argv[2] === 'lambda') { await import('node:http'); process.stdout; }
const before = performance.now(), cpu = process.cpuUsage();
await import(process.argv[1]);
const importMs = performance.now() - before, { user, system } = process.cpuUsage(cpu);
process.stdout.write(JSON.stringify({ importMs, cpuMs: (user + system) / 1000 }), () => process.exit(0));
`;

function start(file: string, setting: Setting): Start {
  const before = performance.now();
  const { status, stdout, stderr } = spawnSync(
    node,
    ['--input-type=module', '--eval', PROBE, pathToFileURL(file).href, setting],
    { encoding: 'utf8', env: { ...process.env, ...SAMPLE_ENVIRONMENT } },
  );
  const wallMs = performance.now() - before;
  if (status !== 0) throw new Error(`${file} did not load: ${stderr}`);
  return { ...(JSON.parse(stdout) as Omit<Start, 'wallMs'>), wallMs };
}

const medians = (starts: readonly Start[]): Start => ({
  importMs: median(starts.map(({ importMs }) => importMs)),
  cpuMs: median(starts.map(({ cpuMs }) => cpuMs)),
  wallMs: median(starts.map(({ wallMs }) => wallMs)),
});

/** Medians of every file in every setting; the processes take turns, so that a busy minute falls on all of them. */
function measure(
  files: ReadonlyMap<string, string>,
  starts: number,
): (name: string, setting: Setting) => Start {
  const measured = new Map<string, Start[]>();
  for (const file of files.values()) start(file, 'bare');
  for (let round = 0; round < starts; round += 1) {
    for (const [name, file] of files) {
      for (const setting of SETTINGS) {
        const key = `${name} ${setting}`;
        measured.set(key, [...(measured.get(key) ?? []), start(file, setting)]);
      }
    }
  }
  return (name, setting) => medians(measured.get(`${name} ${setting}`) ?? []);
}

mkdirSync(join(PROJECT_ROOT, 'dist'), { recursive: true });
const work = mkdtempSync(join(PROJECT_ROOT, 'dist/cold-start-'));
const built = join(work, 'functions');
const sizes = bundleSizes(await buildFunctions(await readPolicies('policies'), built));
const empty = join(work, 'empty.mjs');
writeFileSync(empty, 'export const handler = async () => undefined;\n');
const files = new Map([
  ['empty', empty],
  ...sizes.map(({ name }) => [name, join(built, name, 'handler.mjs')] as const),
]);
const load = loadavg()[0] ?? 0;
const result = measure(files, Number(values.starts));
rmSync(work, { recursive: true });

const bases = { bare: result('empty', 'bare'), lambda: result('empty', 'lambda') };
const rows = sizes.map(({ name, entryBytes, startBytes, totalBytes }) => {
  const over = (setting: Setting) => {
    const [own, base] = [result(name, setting), bases[setting]];
    return {
      importMs: own.importMs - base.importMs,
      cpuMs: own.cpuMs - base.cpuMs,
      wallMs: own.wallMs - base.wallMs,
      importRatio: own.importMs / base.importMs,
    };
  };
  return {
    name,
    entryKb: entryBytes / 1000,
    startKb: startBytes / 1000,
    totalKb: totalBytes / 1000,
    bare: over('bare'),
    lambda: over('lambda'),
  };
});
const nodeVersion = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();

if (values.json) {
  console.log(
    JSON.stringify({ nodeVersion, starts: Number(values.starts), load, empty: bases, functions: rows }),
  );
} else {
  const cell = (value: number) => value.toFixed(1);
  console.log(
    `Node ${nodeVersion} on ${process.arch}, ${availableParallelism()} cores (load ${cell(load)}), median of ${values.starts} starts each, in turn.`,
  );
  console.log(
    `Empty handler: import ${cell(bases.bare.importMs)} ms in a bare process, ${cell(bases.lambda.importMs)} ms in one like Lambda's. The rest is over it.\n`,
  );
  console.log(
    '| function | entry kB | read at start kB | with lazy parts kB | bare: import ms | CPU ms | ÷ empty | like Lambda: import ms | CPU ms | ÷ empty |',
  );
  console.log(`|${' --- |'.repeat(10)}`);
  for (const { name, entryKb, startKb, totalKb, bare, lambda } of rows) {
    const times = [bare, lambda].flatMap(({ importMs, cpuMs, importRatio }) => [
      importMs,
      cpuMs,
      importRatio,
    ]);
    console.log(`| ${name} | ${[entryKb, startKb, totalKb, ...times].map(cell).join(' | ')} |`);
  }
}
