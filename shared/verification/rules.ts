import type { Direction, ProposalStep } from '../core/decision.ts';
import type { MetricSpec } from '../core/metric.ts';
import { plainNumber } from '../core/plain-number.ts';
import type { Policy } from '../core/policy.ts';
import { strategyId } from '../core/policy-metrics.ts';
import type { SizeChange, StepAdjustment, Strategy, ThresholdRule } from '../core/strategy.ts';
import { messagesPerWorker } from './axes.ts';

/** A range of values of a metric; null = no end. */
export interface Range {
  readonly from: number | null;
  readonly to: number | null;
  /** Whether `from` itself is outside. */
  readonly above?: true;
}

/** One rule of a strategy: it asks for a direction while its metric is in a range. */
export interface Rule {
  readonly strategy: Strategy;
  /** The id that proposals carry. */
  readonly id: string;
  readonly direction: Direction;
  readonly metric: MetricSpec;
  readonly range: Range;
  /** As a sentence begins: `The step at 110 % and above (+5)`. */
  readonly words: string;
  /** Whether a proposal comes from this rule. */
  readonly made: (step: ProposalStep) => boolean;
}

/** The rules that ask for a change; one that changes nothing on purpose is none. */
export const rulesOf = ({ strategies }: Policy): readonly Rule[] => strategies.flatMap(rulesOfStrategy);

function rulesOfStrategy(strategy: Strategy): readonly Rule[] {
  switch (strategy.kind) {
    case 'target-tracking': {
      const { metric, target, tolerance } = strategy;
      const edge = target * (1 + tolerance.out);
      const share = strategy.scope === 'total' ? ' a unit' : '';
      const words = `Scale-out of ${metric.label} above ${valueText(metric, edge)}${share} (target ${plainNumber(target)}, tolerance ${plainNumber(tolerance.out)})`;
      return [
        ruleOf(
          strategy,
          metric,
          'out',
          { from: edge, to: null, above: true },
          words,
          ({ verdict }) => verdict === 'above',
        ),
      ];
    }
    case 'step':
      return stepRules(strategy);
    case 'threshold':
      return thresholdRules(strategy);
    case 'queue':
      return queueRules(strategy);
    case 'expression':
      return [];
  }
}

const ruleOf = (
  strategy: Strategy,
  metric: MetricSpec,
  direction: Direction,
  range: Range,
  words: string,
  made: Rule['made'],
): Rule => ({ strategy, id: strategyId(strategy), direction, metric, range, words, made });

const valueText = ({ unit }: MetricSpec, value: number): string => `${plainNumber(value)}${unit}`;

type StepStrategy = Extract<Strategy, { kind: 'step' }>;

function stepRules(strategy: StepStrategy): readonly Rule[] {
  return (['out', 'in'] as const).flatMap((direction) => {
    const rule = strategy[direction];
    if (rule === null) return [];
    return rule.steps
      .filter(({ adjustment }) => adjustment !== 0 || strategy.adjustmentType === 'ExactCapacity')
      .map((step) => stepRule(strategy, direction, rule.threshold, step));
  });
}

function stepRule(
  strategy: StepStrategy,
  direction: Direction,
  threshold: number,
  { lower, upper, adjustment }: StepAdjustment,
): Rule {
  const { metric, adjustmentType } = strategy;
  // A step never reaches over its threshold: what is beyond belongs to the other direction.
  const from =
    direction === 'out' ? threshold + Math.max(0, lower ?? 0) : lower === null ? null : threshold + lower;
  const to =
    direction === 'in' ? threshold + Math.min(0, upper ?? 0) : upper === null ? null : threshold + upper;
  const change = { ChangeInCapacity: '', PercentChangeInCapacity: ' %', ExactCapacity: ' units' }[
    adjustmentType
  ];
  const sign = adjustmentType !== 'ExactCapacity' && adjustment > 0 ? '+' : '';
  const words = `The step for ${metric.label} ${rangeText(metric, { from, to })} (${sign}${adjustment}${change})`;
  return ruleOf(
    ...([strategy, metric, direction, { from, to }, words] as const),
    (step) => step.strategy === 'step' && step.side === direction && step.adjustment === adjustment,
  );
}

function rangeText(metric: MetricSpec, { from, to }: Range): string {
  if (from !== null && to !== null) return `from ${plainNumber(from)} to ${valueText(metric, to)}`;
  return from === null
    ? `at ${valueText(metric, to ?? 0)} and below`
    : `at ${valueText(metric, from)} and above`;
}

type ThresholdStrategy = Extract<Strategy, { kind: 'threshold' }>;

function thresholdRules(strategy: ThresholdStrategy): readonly Rule[] {
  return (['out', 'in'] as const).flatMap((direction) => {
    const rule = strategy[direction];
    return rule === null ? [] : [thresholdRule(strategy, direction, rule)];
  });
}

function thresholdRule(
  strategy: ThresholdStrategy,
  direction: Direction,
  { threshold, change }: ThresholdRule,
): Rule {
  const { metric } = strategy;
  const beyond = direction === 'out' ? 'above' : 'below';
  const words = `Scale-${direction} of ${metric.label} ${beyond} ${valueText(metric, threshold)} (${changeText(change, direction)})`;
  const range =
    direction === 'out'
      ? ({ from: threshold, to: null, above: true } as const)
      : { from: null, to: threshold };
  return ruleOf(
    ...([strategy, metric, direction, range, words] as const),
    (step) => step.strategy === 'threshold' && step.side === direction && step.change !== null,
  );
}

function changeText({ kind, value }: SizeChange, direction: Direction): string {
  if (kind === 'exact') return `exactly ${value}`;
  return `${direction === 'out' ? '+' : '-'}${value}${kind === 'percent' ? ' %' : ''}`;
}

function queueRules(strategy: Extract<Strategy, { kind: 'queue' }>): readonly Rule[] {
  const { metric, memory, backlogPerWorker } = strategy;
  const backlog = ruleOf(
    ...([strategy, metric, 'out', { from: messagesPerWorker(backlogPerWorker), to: null }] as const),
    `Scale-out for ${metric.label}`,
    (step) => step.strategy === 'queue' && step.because === 'backlog' && step.verdict === 'above',
  );
  if (memory === null) return [backlog];
  const words = `One more for ${memory.metric.label} above ${valueText(memory.metric, memory.above)}`;
  const pressed = ruleOf(
    ...([strategy, memory.metric, 'out', { from: memory.above, to: null, above: true }, words] as const),
    (step) => step.strategy === 'queue' && step.because === 'memory-high',
  );
  return [backlog, pressed];
}
