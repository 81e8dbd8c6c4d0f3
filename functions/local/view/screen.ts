import { plainNumber } from '../../../shared/core/explain.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { type Instant, timeOfDay } from '../../../shared/core/time.ts';
import type { TargetView } from '../../../shared/simulation/plant-views.ts';
import { lineOf } from './journal.ts';
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
  readonly hints: readonly string[];
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

/** One picture of a run as lines of text; all but the hints are cut to `columns`. */
export function drawScreen(picture: Picture, columns: number): string {
  const { title, now, speed, loads, targets, state, hints } = picture;
  const day = new Date(now).toUTCString().slice(0, 16);
  const rows = [
    `Plimsoll · ${title}`,
    `${day} ${timeOfDay(now)} UTC · ${speed === 'max' ? 'as fast as it goes' : `${speed}×`}`,
    `load ${sparkline(loads)} ${Math.round(loads.at(-1) ?? 0).toLocaleString('en')}`,
    '',
    ...targets.map((target) => targetRow(target, picture)),
    '',
    'Last decisions',
    ...state.journal.lines().map((line) => `  ${lineOf(line)}`),
    '',
  ];
  // Hints are there to be copied, so they are not cut.
  return [...rows.map((row) => clip(row, columns)), ...hints].join('\n');
}

function targetRow(target: TargetView, { policies, state }: Picture): string {
  const { policy: name, service } = target;
  const policy = policies.find((each) => each.name === name);
  const { desired, running } = service;
  const change =
    desired === running ? '' : ` (${desired > running ? '+' : ''}${desired - running} on the way)`;
  const bounds = policy === undefined ? '' : ` of ${policy.bounds.min}..${policy.bounds.max}`;
  const [cooldown] = state.cooldowns(name);
  const waits =
    cooldown === undefined ? '' : `  ${cooldown.direction}-cooldown ends ${timeOfDay(cooldown.until)}`;
  return `  ${name.padEnd(12)} ${metricOf(target, policy).padEnd(26)} desired ${desired}${bounds}, running ${running}${change}${waits}`;
}

/** The first metric of a policy as it stands at this instant, with its target. */
function metricOf({ load, unit, service }: TargetView, policy: Policy | undefined): string {
  const strategy = policy?.strategies[0];
  if (strategy === undefined) return '';
  const { metric, target, scope } = strategy;
  const share = load / (unit.atTarget * (scope === 'average' ? Math.max(1, service.running) : 1));
  const value = metric.unit === ' %' ? Math.min(FULL_PERCENT, share * target) : share * target;
  return `${metric.label} ${plainNumber(Math.round(value * 10) / 10)}${metric.unit} (target ${plainNumber(target)}${metric.unit})`;
}

const clip = (row: string, columns: number): string =>
  row.length <= columns ? row : `${row.slice(0, Math.max(0, columns - 1))}…`;
