import type { MetricStat } from '../shared/core/metric.ts';
import type { Policy } from '../shared/core/policy.ts';
import type { Strategy } from '../shared/core/strategy.ts';

/** So many policies, made of the given ones in turn: each with a service, a name and metrics of its own. */
export function manyPolicies(patterns: readonly Policy[], count: number): readonly Policy[] {
  return Array.from({ length: count }, (_, index) => {
    const pattern = patterns[index % patterns.length];
    if (pattern === undefined) throw new Error('there is no policy to copy');
    return copyOf(pattern, `${pattern.name}-${index}`);
  });
}

const copyOf = (policy: Policy, name: string): Policy => ({
  ...policy,
  name,
  target: { kind: 'ecs-service', cluster: 'prod', service: name },
  strategies: policy.strategies.map((strategy) => aimedAt(strategy, name)),
});

function aimedAt(strategy: Strategy, service: string): Strategy {
  if (strategy.kind === 'expression') return strategy;
  const { metric } = strategy;
  const { query } = metric;
  const moved = (stat: MetricStat): MetricStat => ({
    ...stat,
    dimensions: { ...stat.dimensions, ...('ServiceName' in stat.dimensions && { ServiceName: service }) },
  });
  const aimed =
    query.kind === 'stat'
      ? { ...query, ...moved(query) }
      : {
          ...query,
          metrics: Object.fromEntries(Object.entries(query.metrics).map(([id, stat]) => [id, moved(stat)])),
        };
  return { ...strategy, metric: { ...metric, query: aimed } };
}
