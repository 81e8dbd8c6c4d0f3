import type * as z from 'zod';
import type { TargetTrackingStrategy } from '../../core/strategy.ts';
import { checkPercent, scopeOf } from '../metric-presets.ts';
import type { DocumentPath, Report } from '../problem.ts';
import type { Alarms } from '../schema/common.ts';
import type { StrategyOf } from '../schema/strategy.ts';
import { DEFAULT_SENSITIVITY, sensitivityOf } from './alarms.ts';
import { type StrategyContext, strategyMetric } from './context.ts';

/** A target-tracking document as a strategy. */
export function compileTargetTracking(
  document: StrategyOf<'target-tracking'>,
  context: StrategyContext,
): TargetTrackingStrategy {
  const { path, report } = context;
  const metric = strategyMetric(document.metric, ['metric'], context);
  const scope = trackedScope(document, context);
  checkPercent(document.metric, document.target, 'a value', [...path, 'target'], report);
  if (scope === 'total' && document.alarms?.in) {
    report(
      [...path, 'alarms', 'in'],
      'a total has no alarm for scale-in; the sweep watches it (remove in)',
      'key',
    );
  }
  if (scope === 'average' && document.activation !== undefined) {
    report([...path, 'activation'], 'is for a total: a mean says nothing at no task (remove it)', 'key');
  }
  return {
    kind: 'target-tracking',
    metric,
    target: document.target,
    scope,
    activation: document.activation ?? 0,
    tolerance: { out: document.tolerance?.out ?? 0.1, in: document.tolerance?.in ?? 0.1 },
    alarms: trackingAlarms(
      document.alarms,
      { periodSeconds: metric.periodSeconds, scope },
      [...path, 'alarms'],
      report,
    ),
  };
}

function trackedScope(
  document: StrategyOf<'target-tracking'>,
  context: StrategyContext,
): TargetTrackingStrategy['scope'] {
  const { path, report } = context;
  const scope = scopeOf(document.metric, document.scope, 'average', context);
  if (scope !== 'independent') return scope;
  const preset = 'preset' in document.metric ? document.metric.preset : '';
  report(
    [...path, 'metric', 'preset'],
    `${preset} does not follow the size in a known way, so no target can hold it (use type: threshold or step)`,
  );
  return 'average';
}

/**
 * The alarms of target tracking with the defaults; reports what CloudWatch would refuse.
 * A total has no alarm for scale-in: what it means depends on the size, so a target above its minimum is asked by the sweep.
 */
export function trackingAlarms(
  document: z.infer<typeof Alarms> | undefined,
  metric: { readonly periodSeconds: number; readonly scope: TargetTrackingStrategy['scope'] },
  path: DocumentPath,
  report: Report,
  defaults: {
    readonly [Side in 'out' | 'in']: { readonly datapoints: number; readonly of: number };
  } = DEFAULT_SENSITIVITY,
): TargetTrackingStrategy['alarms'] {
  const side = (name: 'out' | 'in') =>
    sensitivityOf(document?.[name], defaults[name], metric.periodSeconds, [...path, name], report);
  return { out: side('out'), in: document?.in === null || metric.scope === 'total' ? null : side('in') };
}
