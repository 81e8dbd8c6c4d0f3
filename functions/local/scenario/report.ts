import { numberOf } from '../words.ts';
import type { Figures } from './bounds.ts';
import type { RunFailure, ScenarioResult, VariantResult } from './play.ts';
import type { Happened, RunRecord } from './run-record.ts';
import { momentText, numberText } from './words.ts';

const LINE_CHARS = 150;
const TIMELINE_LINES = 24;
const PROBLEM_LINES = 5;
const CHART_CHARS = 60;
const LEVELS = '▁▂▃▄▅▆▇█';

/** A result for people: what was expected and was not, what the measures came to, and what happened. */
export function reportOf(result: ScenarioResult): string {
  const { scenario, passed, variants, wallSeconds } = result;
  const [main] = variants;
  const runs = variants.reduce((sum, variant) => sum + variant.runs, 0);
  const outcome = passed ? 'passed' : 'FAILED';
  const expected =
    variants.length > 0 ? scenario.main.expect.length + (scenario.compare?.expect.length ?? 0) : 0;
  const head = `${outcome}  ${scenario.name}  ${numberOf(expected, 'expectation')}, ${numberOf(runs, 'run')} of ${momentText(scenario.seconds)}, ${wallSeconds.toFixed(1)} s`;
  return [
    head,
    ...(scenario.description === null
      ? []
      : scenario.description
          .trim()
          .split('\n')
          .map((line) => `  ${line}`)),
    ...variants.flatMap(failureLines),
    '',
    ...figureLines(variants),
    '',
    ...(main === undefined ? [] : timelineLines(main.shown)),
  ].join('\n');
}

function failureLines({ name, failures, passed, runs }: VariantResult): readonly string[] {
  if (failures.length === 0) return [];
  const of = name === null ? '' : ` (${name})`;
  const some = runs > 1 ? [`  ${numberOf(runs - passed, 'run')} of ${runs}${of} failed, for example:`] : [];
  return ['', ...some, ...failures.map((failure) => `  ✗ ${failureText(failure)}${of}`)];
}

/** `at 12:05: web.running is 9, expected web.running always at most 8`. */
export function failureText({ second, seen, expected, seed, crash }: RunFailure): string {
  const where = [
    ...(second === null ? [] : [`at ${momentText(second)}`]),
    ...(seed === 1 ? [] : [`seed ${seed}`]),
    ...(crash === null ? [] : [`died ${crash}`]),
  ].join(', ');
  return `${where === '' ? '' : `${where}: `}${seen}; expected: ${expected}`;
}

interface Row {
  readonly name: string;
  readonly who: string;
  readonly figures: Figures;
  readonly chart: string;
}

/** A line for each measure and variant: its figures, and how it went. */
function figureLines(variants: readonly VariantResult[]): readonly string[] {
  const names = [...new Set(variants.flatMap(({ figures }) => [...figures.keys()]))];
  const rows = names.flatMap((name) => {
    const top = Math.max(...variants.map(({ figures }) => figures.get(name)?.max ?? 0));
    return variants.flatMap((variant): readonly Row[] => {
      const figures = variant.figures.get(name);
      if (figures === undefined) return [];
      const who = variants.length === 1 ? '' : (variant.name ?? 'this scenario');
      return [{ name, who, figures, chart: chartOf(variant.shown, name, top) }];
    });
  });
  const header = ['', '', 'min', 'mean', 'max', 'end', 'over time'];
  const cells = rows.map(({ name, who, figures, chart }, index) => [
    rows[index - 1]?.name === name ? '' : name,
    who,
    ...[figures.min, figures.mean, figures.max, figures.end].map(numberText),
    chart,
  ]);
  return aligned([header, ...cells]);
}

/** Names to the left, numbers to the right. */
function aligned(table: readonly (readonly string[])[]): readonly string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  );
  return table.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < 2 || column === row.length - 1 ? cell.padEnd(width) : cell.padStart(width);
      })
      .filter((_, column) => (widths[column] ?? 0) > 0)
      .join('  ')
      .replace(/^/, '  ')
      .trimEnd(),
  );
}

/** The highest value of each stretch of the run, from 0 to `top`. */
function chartOf(record: RunRecord, name: string, top: number): string {
  const stretch = (record.seconds + 1) / CHART_CHARS;
  return Array.from({ length: CHART_CHARS }, (_, index) => {
    let highest: number | null = null;
    for (let second = Math.floor(index * stretch); second < Math.max(1, (index + 1) * stretch); second += 1) {
      const value = record.valueAt(name, second);
      if (value !== null) highest = Math.max(highest ?? 0, value);
    }
    if (highest === null) return ' ';
    return LEVELS[top <= 0 ? 0 : Math.round((highest / top) * (LEVELS.length - 1))] ?? '█';
  }).join('');
}

function timelineLines({ timeline, problems }: RunRecord): readonly string[] {
  const lines = timeline.map(lineOf);
  const half = TIMELINE_LINES / 2;
  const left = lines.length - TIMELINE_LINES;
  const shown =
    left <= 0
      ? lines
      : [
          ...lines.slice(0, half),
          `         … ${numberOf(left, 'line')} left out (--json has all) …`,
          ...lines.slice(-half),
        ];
  const told = problems.slice(0, PROBLEM_LINES).map((problem) => `${lineOf(problem)}`);
  const more = problems.length - told.length;
  return [
    ...shown,
    ...(told.length === 0 ? [] : ['', '  what the controller could not do:', ...told]),
    ...(more > 0 ? [`         … and ${numberOf(more, 'line')} more`] : []),
  ];
}

function lineOf({ second, what }: Happened): string {
  const line = `${momentText(second).padStart(7)}  ${what.split('\n')[0]}`;
  return line.length > LINE_CHARS ? `${line.slice(0, LINE_CHARS - 1)}…` : line;
}

/** A result as one JSON object. */
export function jsonOf({ scenario, passed, variants, wallSeconds }: ScenarioResult): object {
  return {
    file: scenario.file,
    name: scenario.name,
    passed,
    simulatedSeconds: scenario.seconds,
    wallSeconds: Math.round(wallSeconds * 1000) / 1000,
    variants: variants.map(({ name, runs, passed: good, failures, shown, figures }) => ({
      name,
      runs,
      passed: good,
      failures,
      figures: Object.fromEntries(figures),
      seed: shown.seed,
      timeline: shown.timeline,
      problems: shown.problems,
      decisions: countedDecisions(shown),
      calls: Object.fromEntries(
        [...shown.calls]
          .sort()
          .map(([operation, outcomes]) => [operation, Object.fromEntries([...outcomes].sort())]),
      ),
    })),
  };
}

/** How often each policy was resized, and held for each reason. */
function countedDecisions({
  decisions,
}: RunRecord): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { policy, decision } of decisions) {
    const own = counts[policy] ?? {};
    counts[policy] = own;
    const key = decision.kind === 'hold' ? decision.reason : 'resize';
    own[key] = (own[key] ?? 0) + 1;
  }
  return counts;
}
