import { plainNumber } from '../../../shared/core/plain-number.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { isVertical, targetId } from '../../../shared/core/target.ts';
import { type Instant, timeOfDay } from '../../../shared/core/time.ts';
import { metricAims } from '../../../shared/simulation/metric-aims.ts';
import type { TargetView } from '../../../shared/simulation/plant-views.ts';
import type { PlanLines } from '../tiers/plan-lines.ts';
import type { TierRow } from '../tiers/tier-rows.ts';
import { type JournalLine, lineOf } from './journal.ts';
import type { RunState } from './run-state.ts';

/** What one picture of a run is made of. */
export interface Picture {
  readonly title: string;
  readonly now: Instant;
  readonly speed: number | 'max';
  readonly loads: readonly number[];
  readonly policies: readonly Policy[];
  readonly targets: readonly TargetView[];
  /** Databases, caches and ladders. */
  readonly tiers: readonly TierRow[];
  readonly plans: readonly PlanLines[];
  readonly state: RunState;
  /** Where the API is. */
  readonly url: string;
}

const BARS = '▁▂▃▄▅▆▇█';
const FULL_PERCENT = 100;
const DETAIL_INDENT = '      ';

/** Loads as a line of bars, scaled to the highest. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values, 1);
  return values
    .map((value) => BARS[Math.min(BARS.length - 1, Math.floor((value / highest) * BARS.length))])
    .join('');
}

/** The size of a terminal. */
export interface Frame {
  readonly columns: number;
  readonly rows: number;
}

/**
 * One picture of a run as lines of text that fit the frame. Reasons are wrapped, not cut: the newest decisions that fit are
 * shown whole.
 */
export function drawScreen(picture: Picture, { columns, rows }: Frame): string {
  const { title, now, speed, loads, state, url } = picture;
  const day = new Date(now).toUTCString().slice(0, 16);
  const above = [
    `Plimsoll · ${title}`,
    `${day} ${timeOfDay(now)} UTC · ${speed === 'max' ? 'as fast as it goes' : `${speed}×`}`,
    `load ${sparkline(loads)} ${Math.round(loads.at(-1) ?? 0).toLocaleString('en')}`,
    '',
    ...targetRows(picture),
    ...planRows(picture, columns),
    '',
    'Last decisions',
  ].map((row) => clip(row, columns));
  const below = ['', clip(`API ${url} · requests to try stand above`, columns)];
  // One row stays free for the cursor below the picture.
  const free = rows - above.length - below.length - 1;
  return [...above, ...newestThatFit(state.journal.lines(), columns, free), ...below].join('\n');
}

function newestThatFit(lines: readonly JournalLine[], columns: number, rows: number): readonly string[] {
  let shown: readonly string[] = [];
  for (const line of lines.toReversed()) {
    const next = [...wrap(lineOf(line), columns), ...shown];
    if (next.length > rows) break;
    shown = next;
  }
  return shown;
}

/** A line in pieces of at most `columns`, broken between words and indented. */
function wrap(line: string, columns: number, indent = 2): readonly string[] {
  const rows: string[] = [];
  let row = ' '.repeat(indent - 1);
  for (const word of line.split(/(?<=\S) /)) {
    if (row.trim() !== '' && row.length + 1 + word.length > columns) {
      rows.push(row);
      row = ' '.repeat(indent + 3);
    }
    row += ` ${word}`;
  }
  return [...rows, row].map((each) => clip(each, columns));
}

/** Cells in columns as wide as their widest. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd(),
  );
}

/** A row for every target; under that of a database or a cache, what its size does not tell. */
function targetRows(picture: Picture): readonly string[] {
  const { targets, tiers } = picture;
  const rows = table([
    ...targets.map((target) => serviceCells(target, picture)),
    ...tiers.map((tier) => tierCells(tier, picture)),
  ]);
  const details = [...targets.map(() => ''), ...tiers.map(({ detail }) => detail)];
  return rows.flatMap((row, index) => {
    const detail = details[index] ?? '';
    return detail === '' ? [row] : [row, `${DETAIL_INDENT}${detail}`];
  });
}

/** The plan of every application, in the words of `plimsoll plan`. */
function planRows({ plans }: Picture, columns: number): readonly string[] {
  if (plans.length === 0) return [];
  const rows = plans.flatMap(({ application, status, tiers, said }) => [
    ...wrap(`${application}: plan ${status}, ${tiers.join(' · ')}`, columns),
    ...said.flatMap((sentence) => wrap(sentence, columns, DETAIL_INDENT.length)),
  ]);
  return ['', ...rows];
}

function serviceCells(target: TargetView, picture: Picture): readonly string[] {
  const { desired, running } = target.service;
  const policy = picture.policies.find(({ name }) => name === target.policy);
  const size = sizeCell(desired, 'running', running, policy);
  return [target.policy, size, metricOf(target, policy), waitsOf(target.policy, policy, picture)];
}

function tierCells({ policy: name, sizes, metric }: TierRow, picture: Picture): readonly string[] {
  const policy = picture.policies.find((each) => each.name === name);
  const size = sizeCell(sizes.desired, 'ready', sizes.ready, policy);
  return [name, size, metric === null ? '' : metricCell(metric), waitsOf(name, policy, picture)];
}

function metricCell({ spec, value, aim }: NonNullable<TierRow['metric']>): string {
  const now = value === null ? 'no datapoint' : `${tenths(value)}${spec.unit}`;
  return `${spec.label} ${now} (target ${plainNumber(aim)}${spec.unit})`;
}

function sizeCell(desired: number, word: string, there: number, policy: Policy | undefined): string {
  const change = desired === there ? '' : ` (${desired > there ? '+' : ''}${desired - there})`;
  const bounds = policy === undefined ? '' : ` of ${policy.bounds.min}..${policy.bounds.max}`;
  const what = policy !== undefined && isVertical(policy.target) ? 'rung' : 'desired';
  return `${what} ${desired}${bounds}, ${word} ${there}${change}`;
}

function waitsOf(name: string, policy: Policy | undefined, { state }: Picture): string {
  const overruled = policy === undefined ? null : state.overruled(targetId(policy.target));
  return overruled ?? cooldownOf(name, state);
}

function cooldownOf(policy: string, state: RunState): string {
  const [cooldown] = state.cooldowns(policy);
  return cooldown === undefined ? '' : `${cooldown.direction}-cooldown to ${timeOfDay(cooldown.until)}`;
}

/** The first metric of a policy as it stands at this instant, with its target. */
function metricOf({ load, unit, service }: TargetView, policy: Policy | undefined): string {
  const [first] = policy === undefined ? [] : metricAims(policy);
  if (first === undefined) return '';
  const { metric, aim: target, scope } = first;
  const share = load / (unit.atTarget * (scope !== 'total' ? Math.max(1, service.running) : 1));
  const value = metric.unit === ' %' ? Math.min(FULL_PERCENT, share * target) : share * target;
  return `${metric.label} ${tenths(value)}${metric.unit} (target ${plainNumber(target)}${metric.unit})`;
}

const tenths = (value: number): string => plainNumber(Math.round(value * 10) / 10);

const clip = (row: string, columns: number): string =>
  row.length <= columns ? row : `${row.slice(0, Math.max(0, columns - 1))}…`;
