import type { ThresholdRule, ThresholdStrategy } from '../../core/strategy.ts';
import { checkPercent, scopeOf } from '../metric-presets.ts';
import type { DocumentPath } from '../problem.ts';
import { secondsOf } from '../schema/duration.ts';
import type { StrategyOf } from '../schema/strategy.ts';
import { ruleAlarms, throughout } from './alarms.ts';
import { durationOf, type StrategyContext, strategyMetric } from './context.ts';
import { checkHasRule, checkThresholdOrder } from './rules.ts';
import { changeOf } from './size-change.ts';

type ThresholdDocument = StrategyOf<'threshold'>;

/** A threshold document as a strategy, or null after reporting a change that cannot be read. */
export function compileThreshold(
  document: ThresholdDocument,
  context: StrategyContext,
): ThresholdStrategy | null {
  const { path, report } = context;
  checkThresholds(document, context);
  const out = document.scaleOut ? ruleOf(document.scaleOut.above, document.scaleOut, 'out', context) : null;
  const inside = document.scaleIn ? ruleOf(document.scaleIn.below, document.scaleIn, 'in', context) : null;
  const seconds = { out: out?.forSeconds ?? 0, in: inside?.forSeconds ?? 0 };
  const metric = strategyMetric(document.metric, ['metric'], context, Math.max(seconds.out, seconds.in));
  const defaults = {
    out: document.scaleOut ? throughout(seconds.out, metric.periodSeconds) : null,
    in: document.scaleIn ? throughout(seconds.in, metric.periodSeconds) : null,
  };
  const alarms = ruleAlarms(document.alarms, defaults, metric.periodSeconds, [...path, 'alarms'], report);
  const scope = scopeOf(document.metric, document.scope, 'independent', context);
  const unread = (document.scaleOut && out === null) || (document.scaleIn && inside === null);
  return unread ? null : { kind: 'threshold', metric, scope, out, in: inside, alarms };
}

function checkThresholds(document: ThresholdDocument, { path, report }: StrategyContext): void {
  const { metric, scaleOut, scaleIn } = document;
  const above: DocumentPath = ['scaleOut', 'above'];
  const below: DocumentPath = ['scaleIn', 'below'];
  checkHasRule(document, path, report);
  checkThresholdOrder(
    { value: scaleOut?.above, path: above },
    { value: scaleIn?.below, path: below },
    path,
    report,
  );
  if (scaleOut) checkPercent(metric, scaleOut.above, 'passed', [...path, ...above], report);
  if (scaleIn) checkPercent(metric, scaleIn.below, 'a value', [...path, ...below], report);
}

function ruleOf(
  threshold: number,
  rule: NonNullable<ThresholdDocument['scaleOut']> | NonNullable<ThresholdDocument['scaleIn']>,
  direction: 'out' | 'in',
  { path, bounds, report }: StrategyContext,
): ThresholdRule | null {
  const at = [...path, direction === 'out' ? 'scaleOut' : 'scaleIn'];
  const forSeconds = durationOf(
    { key: 'for', seconds: rule.for === undefined ? undefined : secondsOf(rule.for) },
    { key: 'forSeconds', seconds: rule.forSeconds },
    0,
    at,
    report,
  );
  const change = changeOf(rule.change, direction, bounds, [...at, 'change'], report);
  return change && { threshold, forSeconds, change };
}
