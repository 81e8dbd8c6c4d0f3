import type { MetricSpec } from './metric.ts';
import type { Policy } from './policy.ts';
import type { Strategy } from './strategy.ts';

/** Identifies a strategy in its policy: the id of its (first) metric, or its own. */
export const strategyId = (strategy: Strategy): string =>
  strategy.kind === 'expression' ? strategy.id : strategy.metric.id;

/** Every metric that a strategy reads, the main one first. */
export function metricsOf(strategy: Strategy): readonly MetricSpec[] {
  switch (strategy.kind) {
    case 'expression':
      return strategy.metrics;
    case 'queue': {
      const { metric, backlogPerWorker, memory } = strategy;
      const execution =
        backlogPerWorker.kind === 'latency' && backlogPerWorker.execution.kind === 'metric'
          ? [backlogPerWorker.execution.metric]
          : [];
      return [metric, ...execution, ...(memory === null ? [] : [memory.metric])];
    }
    case 'target-tracking':
    case 'step':
    case 'threshold':
      return [strategy.metric];
  }
}

/** Every metric that a policy reads, each id once. */
export function policyMetrics({ strategies, incident }: Policy): readonly MetricSpec[] {
  const all = [
    ...strategies.flatMap(metricsOf),
    ...(incident === null ? [] : [incident.load, incident.errors]),
  ];
  return [...new Map(all.map((metric) => [metric.id, metric])).values()];
}
