import type { StepAdjustment, StepRule, StepScalingStrategy } from '../../core/strategy.ts';
import { checkPercent, scopeOf } from '../metric-presets.ts';
import type { DocumentPath, Report } from '../problem.ts';
import type { StrategyOf } from '../schema/strategy.ts';
import { DEFAULT_SENSITIVITY, ruleAlarms } from './alarms.ts';
import { checkInside, type StrategyContext, strategyMetric } from './context.ts';
import { checkHasRule, checkThresholdOrder } from './rules.ts';
import { checkIntervals } from './step-intervals.ts';

type StepDocument = StrategyOf<'step'>;
type RuleDocument = NonNullable<StepDocument['scaleOut']>;

/**
 * A step document as a strategy, with the rules of Application Auto Scaling:
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepAdjustment.html
 */
export function compileStep(document: StepDocument, context: StrategyContext): StepScalingStrategy {
  const { path, report } = context;
  const metric = strategyMetric(document.metric, ['metric'], context);
  checkHasRule(document, path, report);
  checkThresholdOrder(
    { value: document.scaleOut?.threshold, path: ['scaleOut', 'threshold'] },
    { value: document.scaleIn?.threshold, path: ['scaleIn', 'threshold'] },
    path,
    report,
  );
  checkMagnitude(document, path, report);
  return {
    kind: 'step',
    metric,
    scope: scopeOf(document.metric, document.scope, 'independent', context),
    adjustmentType: document.adjustmentType,
    minAdjustmentMagnitude: document.minAdjustmentMagnitude ?? null,
    out: ruleOf(document, 'out', context),
    in: ruleOf(document, 'in', context),
    alarms: ruleAlarms(
      document.alarms,
      {
        out: document.scaleOut === undefined ? null : DEFAULT_SENSITIVITY.out,
        in: document.scaleIn === undefined ? null : DEFAULT_SENSITIVITY.in,
      },
      metric.periodSeconds,
      [...path, 'alarms'],
      report,
    ),
  };
}

function checkMagnitude(document: StepDocument, path: DocumentPath, report: Report): void {
  if (document.minAdjustmentMagnitude === undefined) return;
  if (document.adjustmentType === 'PercentChangeInCapacity') return;
  report(
    [...path, 'minAdjustmentMagnitude'],
    `means nothing to ${document.adjustmentType} (remove it, or use PercentChangeInCapacity)`,
    'key',
  );
}

function ruleOf(document: StepDocument, direction: 'out' | 'in', context: StrategyContext): StepRule | null {
  const key = direction === 'out' ? 'scaleOut' : 'scaleIn';
  const rule = document[key];
  if (rule === undefined) return null;
  const { path, report } = context;
  const at = [...path, key];
  if (direction === 'out') {
    checkPercent(document.metric, rule.threshold, 'passed', [...at, 'threshold'], report);
  } else checkPercent(document.metric, rule.threshold, 'a value', [...at, 'threshold'], report);
  const steps = rule.steps.map(
    (step): StepAdjustment => ({
      lower: step.metricIntervalLowerBound ?? null,
      upper: step.metricIntervalUpperBound ?? null,
      adjustment: step.scalingAdjustment,
    }),
  );
  checkIntervals(steps, direction, [...at, 'steps'], report);
  checkAdjustments(rule, document.adjustmentType, direction, { ...context, path: [...at, 'steps'] });
  const sorted = [...steps].sort((a, b) => (a.lower ?? -Infinity) - (b.lower ?? -Infinity));
  return { threshold: rule.threshold, steps: sorted };
}

function checkAdjustments(
  rule: RuleDocument,
  type: StepDocument['adjustmentType'],
  direction: 'out' | 'in',
  { path, bounds, report }: StrategyContext,
): void {
  for (const [index, { scalingAdjustment: value }] of rule.steps.entries()) {
    const at = [...path, index, 'scalingAdjustment'];
    if (type === 'ExactCapacity') checkInside(value, bounds, at, report);
    else {
      const problem = wrongChange(value, type, direction);
      if (problem !== null) report(at, problem);
    }
  }
  if (type !== 'ExactCapacity' && rule.steps.every((step) => step.scalingAdjustment === 0)) {
    report(path, 'no step changes the size (give one that is not 0)');
  }
}

function wrongChange(
  value: number,
  type: StepDocument['adjustmentType'],
  direction: 'out' | 'in',
): string | null {
  if (direction === 'out') return value < 0 ? `${value} scales in (give 0 or more in scaleOut)` : null;
  if (value > 0) return `${value} scales out (give 0 or less in scaleIn)`;
  const tooMuch = type === 'PercentChangeInCapacity' && value < -100;
  return tooMuch ? `${value} % is more than there is (give -100 or more)` : null;
}
