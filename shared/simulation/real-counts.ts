import type { MetricStat } from '../core/metric.ts';

/** What a metric depends on. */
export interface MetricInputs {
  readonly load: number;
  readonly running: number;
  readonly pending: number;
  readonly desired: number;
  /** What a task carries, as a multiple of what it carried at the start: 2 after it was given twice the CPU. */
  readonly strength: number;
}

/** The value of a metric in one second; null when nobody is there to report it. */
export type Sample = (inputs: MetricInputs) => number | null;

/** Metrics that count units, which the account knows for certain; null for any other. */
export function realCount({ namespace, name }: Pick<MetricStat, 'namespace' | 'name'>): Sample | null {
  if (namespace === 'ECS/ContainerInsights') {
    if (name === 'RunningTaskCount') return ({ running }) => running;
    if (name === 'DesiredTaskCount') return ({ desired }) => desired;
    if (name === 'PendingTaskCount') return ({ pending }) => pending;
    // Reserved CPU and memory grow with every running task.
    if (name === 'CpuReserved' || name === 'MemoryReserved') return ({ running }) => running * 1024;
  }
  if (namespace === 'AWS/ApplicationELB' && name === 'HealthyHostCount') return ({ running }) => running;
  return null;
}
