import { plainNumber } from '../../../shared/core/plain-number.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { targetId } from '../../../shared/core/target.ts';
import { type Instant, timeOfDay } from '../../../shared/core/time.ts';
import { metricAims } from '../../../shared/simulation/metric-aims.ts';
import type { TargetView } from '../../../shared/simulation/plant-views.ts';
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
  readonly state: RunState;
  /** Where the API is. */
  readonly url: string;
}

const BARS = '▁▂▃▄▅▆▇█';
const FULL_PERCENT = 100;

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
  const { title, now, speed, loads, targets, state, url } = picture;
  const day = new Date(now).toUTCString().slice(0, 16);
  const above = [
    `Plimsoll · ${title}`,
    `${day} ${timeOfDay(now)} UTC · ${speed === 'max' ? 'as fast as it goes' : `${speed}×`}`,
    `load ${sparkline(loads)} ${Math.round(loads.at(-1) ?? 0).toLocaleString('en')}`,
    '',
    ...table(targets.map((target) => targetCells(target, picture))),
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
function wrap(line: string, columns: number): readonly string[] {
  const rows: string[] = [];
  let row = ' ';
  for (const word of line.split(/(?<=\S) /)) {
    if (row.trim() !== '' && row.length + 1 + word.length > columns) {
      rows.push(row);
      row = '     ';
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

function targetCells(target: TargetView, { policies, state }: Picture): readonly string[] {
  const { policy: name, service } = target;
  const policy = policies.find((each) => each.name === name);
  const { desired, running } = service;
  const change = desired === running ? '' : ` (${desired > running ? '+' : ''}${desired - running})`;
  const bounds = policy === undefined ? '' : ` of ${policy.bounds.min}..${policy.bounds.max}`;
  const overruled = policy === undefined ? null : state.overruled(targetId(policy.target));
  const waits = overruled ?? cooldownOf(name, state);
  return [name, `desired ${desired}${bounds}, running ${running}${change}`, metricOf(target, policy), waits];
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
  return `${metric.label} ${plainNumber(Math.round(value * 10) / 10)}${metric.unit} (target ${plainNumber(target)}${metric.unit})`;
}

const clip = (row: string, columns: number): string =>
  row.length <= columns ? row : `${row.slice(0, Math.max(0, columns - 1))}…`;
