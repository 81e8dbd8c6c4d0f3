import type { Score } from '../../shared/simulation/scorecard.ts';
import type { Tally, TallyReport } from './tally.ts';
import type { TierReport, TierScore } from './tiers/tier-scores.ts';
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
export interface RunReport extends TallyReport, Partial<TierReport> {
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  /** The services, by policy name. Databases, caches and ladders are `tiers`, where there are any. */
  readonly targets: Readonly<Record<string, TargetScore>>;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Puts a report together. The same seed gives the same report but for `wallSeconds`. */
export function runReport(
  seconds: { readonly simulated: number; readonly wall: number },
  tally: Tally,
  scores: Readonly<Record<string, Score>>,
  behind: TierReport | null = null,
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
    ...behind,
  };
}

/** A report in a few lines for people. */
export function summaryOf(report: RunReport): string {
  const { simulatedSeconds, wallSeconds, signals, decisions, targets, tiers = {} } = report;
  const holds = Object.values(decisions.hold).reduce((sum, count) => sum + count, 0);
  return [
    '',
    `${(simulatedSeconds / 3600).toFixed(1)} h replayed in ${wallSeconds.toFixed(1)} s: ${numberOf(signals.alarm, 'alarm change')}, ${numberOf(signals.manual, 'request')} by hand, ${numberOf(decisions.resize, 'resize')}, ${numberOf(holds, 'hold')}.`,
    ...Object.entries(targets).map(
      ([name, score]) =>
        `  ${name.padEnd(12)} ${score.minDesired}..${score.maxDesired} units, ${score.unitHours.toFixed(1)} unit hours, above 90 % of capacity for ${score.violationPct} % of the time (${score.longestViolationSeconds} s at most), ${numberOf(score.resizes, 'resize')}`,
    ),
    ...Object.entries(tiers).map(([name, score]) => `  ${name.padEnd(12)} ${tierInWords(score)}`),
    ...databasesInWords(report),
    ...cachesInWords(report),
  ].join('\n');
}

function tierInWords({ unitHours, minDesired, maxDesired, resizes, notReadyPct }: TierScore): string {
  const size =
    unitHours === null ? `rung ${minDesired}..${maxDesired}` : `${minDesired}..${maxDesired} units`;
  const hours = unitHours === null ? '' : `, ${unitHours.toFixed(1)} unit hours`;
  return `${size}${hours}, not all ready for ${notReadyPct} % of the time, ${numberOf(resizes, 'resize')}`;
}

function databasesInWords({ databases }: RunReport): readonly string[] {
  if (databases === undefined) return [];
  const { reads, failedReads, failedWrites, neverReadyReads, refusedConnections, deletions } = databases;
  return [
    `  databases: ${numberOf(reads, 'read')}, ${numberOf(failedReads, 'failed read')}, ${numberOf(failedWrites, 'failed write')}, ${numberOf(neverReadyReads, 'read')} at nodes that were not ready, ${numberOf(refusedConnections, 'refused connection')}, ${numberOf(deletions, 'deleted instance')}`,
  ];
}

const cachesInWords = ({ cacheHitRatePct }: RunReport): readonly string[] =>
  cacheHitRatePct === undefined ? [] : [`  caches: hit rate ${cacheHitRatePct} %`];
