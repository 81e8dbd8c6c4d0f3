/**
 * Cold import of every function bundle against an empty handler, in the same run: new processes in turn, medians.
 * `npm run -s bench:cold-start [-- --json] [-- --starts N]`; NODE24=/path/to/node measures on another Node than this one.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildFunctions, bundleSizes, PROJECT_ROOT } from '../infra/build-functions.ts';
import { readPolicies } from '../infra/read-policies.ts';
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

/** Runs in the new process: how long the import of one file takes there. */
const PROBE = `
const before = performance.now(), cpu = process.cpuUsage();
await import(process.argv[1]);
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(JSON.stringify({ importMs: performance.now() - before, cpuMs: (user + system) / 1000 }), () => process.exit(0));
`;

function start(file: string): Start {
  const before = performance.now();
  const { status, stdout, stderr } = spawnSync(
    node,
    ['--input-type=module', '--eval', PROBE, pathToFileURL(file).href],
    { encoding: 'utf8', env: { ...process.env, ...SAMPLE_ENVIRONMENT } },
  );
  const wallMs = performance.now() - before;
  if (status !== 0) throw new Error(`${file} did not load: ${stderr}`);
  return { ...(JSON.parse(stdout) as Omit<Start, 'wallMs'>), wallMs };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

const medians = (starts: readonly Start[]): Start => ({
  importMs: median(starts.map(({ importMs }) => importMs)),
  cpuMs: median(starts.map(({ cpuMs }) => cpuMs)),
  wallMs: median(starts.map(({ wallMs }) => wallMs)),
});

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
for (const file of files.values()) start(file);
const measured = new Map([...files.keys()].map((name) => [name, [] as Start[]]));
for (let round = 0; round < Number(values.starts); round += 1) {
  for (const [name, file] of files) measured.get(name)?.push(start(file));
}
rmSync(work, { recursive: true });
const base = medians(measured.get('empty') ?? []);
const rows = sizes.map((size) => {
  const { importMs, cpuMs, wallMs } = medians(measured.get(size.name) ?? []);
  return {
    name: size.name,
    entryKb: size.entryBytes / 1000,
    startKb: size.startBytes / 1000,
    totalKb: size.totalBytes / 1000,
    importMs: importMs - base.importMs,
    cpuMs: cpuMs - base.cpuMs,
    wallMs: wallMs - base.wallMs,
    importRatio: importMs / base.importMs,
  };
});
const nodeVersion = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();

if (values.json) {
  console.log(JSON.stringify({ nodeVersion, starts: Number(values.starts), empty: base, functions: rows }));
} else {
  const cell = (value: number) => value.toFixed(1);
  console.log(
    `Node ${nodeVersion} on ${process.arch}, ${availableParallelism()} cores, median of ${values.starts} starts each, in turn.`,
  );
  console.log(
    `Empty handler: import ${cell(base.importMs)} ms, CPU ${cell(base.cpuMs)} ms, process ${cell(base.wallMs)} ms. The rest is over it.\n`,
  );
  console.log(
    '| function | entry kB | read at start kB | with lazy parts kB | import ms | CPU ms | process ms | import ÷ empty |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const row of rows) {
    const numbers = [
      row.entryKb,
      row.startKb,
      row.totalKb,
      row.importMs,
      row.cpuMs,
      row.wallMs,
      row.importRatio,
    ];
    console.log(`| ${row.name} | ${numbers.map(cell).join(' | ')} |`);
  }
}
