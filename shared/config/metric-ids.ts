import type { MetricSpec } from '../core/metric.ts';
import type { Policy } from '../core/policy.ts';
import type { Strategy } from '../core/strategy.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';

/** A metric as it stands in a document. */
export interface PlacedMetric {
  readonly id: string;
  /** Null for the id of a strategy that is no metric. */
  readonly metric: MetricSpec | null;
  /** Its place for people: `entry [0]`, `incident.load`. */
  readonly place: string;
  readonly path: DocumentPath;
  /** Its id is part of the names of alarms, or of a strategy, which may stand once only. */
  readonly names: boolean;
}

/** The metrics of a strategy with their places inside its document. */
export function placedMetrics(
  strategy: Strategy,
  place: string,
  path: DocumentPath,
): readonly PlacedMetric[] {
  const placed = (metric: MetricSpec, at: DocumentPath, names: boolean): PlacedMetric => ({
    ...{ id: metric.id, metric, place, path: [...path, ...at, 'id'], names },
  });
  switch (strategy.kind) {
    case 'target-tracking':
    case 'step':
    case 'threshold':
      return [placed(strategy.metric, ['metric'], true)];
    case 'queue': {
      const { memory, backlogPerWorker: backlog } = strategy;
      const timed =
        backlog.kind === 'latency' && backlog.execution.kind === 'metric' ? backlog.execution : null;
      return [
        placed(strategy.metric, ['queueLength'], true),
        ...(memory ? [placed(memory.metric, ['memory', 'metric'], true)] : []),
        ...(timed ? [placed(timed.metric, ['backlogPerWorker', 'executionTime'], false)] : []),
      ];
    }
    case 'expression':
      return [
        { id: strategy.id, metric: null, place, path: [...path, 'id'], names: true },
        ...strategy.metrics.map((metric, index) => placed(metric, ['metrics', index], false)),
      ];
  }
}

/** One id is one metric; and one that names alarms stands once. */
export function checkMetricIds(metrics: readonly PlacedMetric[], report: Report, fix: string): void {
  const first = new Map<string, PlacedMetric>();
  for (const each of metrics) {
    const other = first.get(each.id);
    if (other === undefined) first.set(each.id, each);
    else if ((each.names && other.names) || !isSame(each.metric, other.metric)) {
      report(each.path, `the metric id ${quote(each.id)} is taken by ${other.place} (${fix})`);
    }
  }
}

function isSame(a: MetricSpec | null, b: MetricSpec | null): boolean {
  if (a === null || b === null) return false;
  return JSON.stringify({ ...a, historySeconds: 0 }) === JSON.stringify({ ...b, historySeconds: 0 });
}

/** A policy in which one metric asks for one length of history everywhere: the longest. */
export function withSharedHistory(policy: Policy): Policy {
  const longest = new Map<string, number>();
  const all = [
    ...policy.strategies.flatMap((strategy) => placedMetrics(strategy, '', [])),
    ...[policy.incident?.load, policy.incident?.errors].map((metric) => ({ metric })),
  ];
  for (const { metric } of all) {
    if (metric) longest.set(metric.id, Math.max(metric.historySeconds, longest.get(metric.id) ?? 0));
  }
  const share = (metric: MetricSpec): MetricSpec => ({
    ...metric,
    historySeconds: longest.get(metric.id) ?? metric.historySeconds,
  });
  const { incident } = policy;
  return {
    ...policy,
    strategies: policy.strategies.map((strategy) => mapMetrics(strategy, share)),
    incident: incident && { ...incident, load: share(incident.load), errors: share(incident.errors) },
  };
}

function mapMetrics(strategy: Strategy, change: (metric: MetricSpec) => MetricSpec): Strategy {
  if (strategy.kind === 'expression') return { ...strategy, metrics: strategy.metrics.map(change) };
  if (strategy.kind !== 'queue') return { ...strategy, metric: change(strategy.metric) };
  const { memory, backlogPerWorker: backlog } = strategy;
  return {
    ...strategy,
    metric: change(strategy.metric),
    memory: memory && { ...memory, metric: change(memory.metric) },
    backlogPerWorker:
      backlog.kind === 'latency' && backlog.execution.kind === 'metric'
        ? { ...backlog, execution: { kind: 'metric', metric: change(backlog.execution.metric) } }
        : backlog,
  };
}
