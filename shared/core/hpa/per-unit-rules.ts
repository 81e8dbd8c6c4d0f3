import type { PerUnitRules, TargetTrackingStrategy } from '../strategy.ts';

/** The controller's defaults of Kubernetes. */
const DEFAULTS = { initializationSeconds: 300, readinessDelaySeconds: 30 } as const;

/** The rules by which a strategy scores single units: its own, or those that fit its metric. */
export function perUnitRules({ perUnit, metric, scope }: TargetTrackingStrategy): PerUnitRules {
  if (perUnit !== undefined) return perUnit;
  const isPercent = metric.unit.trim() === '%';
  return {
    kind: isPercent && scope === 'average' ? 'utilization' : 'averageValue',
    gatesOnReadiness: metric.query.kind === 'stat' && metric.query.name.includes('CPU'),
    ...DEFAULTS,
  };
}
