/**
 * Seconds of `npm start -- --speed max` per simulated day, for the traces that come with Plimsoll.
 *
 *     npm run -s bench:day [-- --runs N]
 *
 * Each run is a process of its own; `replay` is what it measured itself, `process` includes starting, finding where to start, and ending.
 */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { RunReport } from '../functions/local/run-report.ts';
import { SHIPPED_TRACES } from '../shared/simulation/load-trace.ts';
import { machine, median, printTable, reference, timeInTurn } from './measure.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' } } });
const runs = Number(values.runs);
const DAY_SECONDS = 86_400;

interface Run {
  readonly replay: number;
  readonly process: number;
  readonly calls: number;
  readonly decisions: number;
}

function runOf(trace: string): Run {
  const command = [
    'functions/local/main.ts',
    'start',
    '--speed',
    'max',
    '--for',
    '24h',
    '--json',
    '--port',
    '0',
  ];
  const before = performance.now();
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', ...command, '--trace', trace], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  const wall = (performance.now() - before) / 1000;
  // A run that met problems does less, and is faster: no figure at all is better than that one.
  if (stderr !== '') throw new Error(`the replay of ${trace} met problems: ${stderr.slice(0, 1000)}`);
  const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as RunReport;
  const days = report.simulatedSeconds / DAY_SECONDS;
  const { hold, resize } = report.decisions;
  return {
    replay: report.wallSeconds / days,
    process: wall / days,
    calls: sum(report.awsCalls) / days,
    decisions: (sum(hold) + resize) / days,
  };
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

const traces = Object.keys(SHIPPED_TRACES);
const measured = new Map(traces.map((trace) => [trace, [] as Run[]]));
const references: number[] = [];
for (let round = 0; round < runs; round += 1) {
  for (const trace of traces) {
    references.push(timeInTurn({ reference }, 3).reference);
    measured.get(trace)?.push(runOf(trace));
  }
}
const base = median(references);
console.log(`${machine()}, median of ${runs} runs each, in turn; three policies.`);
console.log(`Reference: one kilobyte of JSON parsed and written, ${base.toFixed(2)} µs.\n`);
printTable(
  [
    'trace',
    'replay s',
    'process s',
    'calls of the AWS API',
    'decisions',
    'ms per call',
    'per call ÷ reference',
  ],
  [...measured].map(([trace, all]) => {
    const replay = median(all.map((run) => run.replay));
    const calls = median(all.map((run) => run.calls));
    return [
      trace,
      replay.toFixed(1),
      median(all.map((run) => run.process)).toFixed(1),
      Math.round(calls),
      Math.round(median(all.map((run) => run.decisions))),
      ((replay * 1000) / calls).toFixed(2),
      Math.round((replay * 1e6) / calls / base),
    ];
  }),
);
