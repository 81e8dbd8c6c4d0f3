import type { Score } from '../../shared/simulation/scorecard.ts';
import type { Tally, TallyReport } from './tally.ts';
import { numberOf } from './words.ts';

type TargetScore = Pick<
  Score,
  | 'unitHours'
  | 'underCapacityPct'
  | 'violationPct'
  | 'longestViolationSeconds'
  | 'minDesired'
  | 'maxDesired'
  | 'resizes'
>;

/** What a replay came to: the last line of `npm start -- --json`. */
export interface RunReport extends TallyReport {
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  /** By policy name. */
  readonly targets: Readonly<Record<string, TargetScore>>;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Puts a report together. The same seed gives the same report but for `wallSeconds`. */
export function runReport(
  seconds: { readonly simulated: number; readonly wall: number },
  tally: Tally,
  scores: Readonly<Record<string, Score>>,
): RunReport {
  const targets = Object.entries(scores).map(([name, score]) => [
    name,
    {
      ...score,
      unitHours: rounded(score.unitHours),
      underCapacityPct: rounded(score.underCapacityPct),
      violationPct: rounded(score.violationPct),
    },
  ]);
  return {
    simulatedSeconds: seconds.simulated,
    wallSeconds: rounded(seconds.wall),
    ...tally.report(),
    targets: Object.fromEntries(targets),
  };
}

/** A report in a few lines for people. */
export function summaryOf({ simulatedSeconds, wallSeconds, signals, decisions, targets }: RunReport): string {
  const holds = Object.values(decisions.hold).reduce((sum, count) => sum + count, 0);
  return [
    '',
    `${(simulatedSeconds / 3600).toFixed(1)} h replayed in ${wallSeconds.toFixed(1)} s: ${numberOf(signals.alarm, 'alarm change')}, ${numberOf(signals.manual, 'request')} by hand, ${numberOf(decisions.resize, 'resize')}, ${numberOf(holds, 'hold')}.`,
    ...Object.entries(targets).map(
      ([name, score]) =>
        `  ${name.padEnd(12)} ${score.minDesired}..${score.maxDesired} units, ${score.unitHours.toFixed(1)} unit hours, above 90 % of capacity for ${score.violationPct} % of the time (${score.longestViolationSeconds} s at most), ${numberOf(score.resizes, 'resize')}`,
    ),
  ].join('\n');
}
