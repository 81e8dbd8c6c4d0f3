import type { MetricReading } from '../core/capacity.ts';
import type { Formula } from '../core/formula.ts';
import type { MetricScope, MetricSpec } from '../core/metric.ts';
import type { Policy } from '../core/policy.ts';
import type { QueueStrategy, Strategy } from '../core/strategy.ts';
import { type Instant, plusSeconds } from '../core/time.ts';

/** A value at which a rule begins or ends. `perUnit`: the load there grows with the size. */
interface Mark {
  readonly value: number;
  readonly perUnit: boolean;
}

/** A metric as one strategy reads it. */
interface Use {
  readonly spec: MetricSpec;
  readonly scope: MetricScope;
  readonly marks: readonly Mark[];
  /** The value without any load, where that is not zero. */
  readonly idle?: number;
}

/**
 * One load that the metrics show. What is constant is the load, not the metric: an average over units is the load divided
 * by the size, a total is the load, and what is independent of the size is taken as it stands.
 */
export interface Axis {
  /** The metrics that show it: the same one may be read under two ids. */
  readonly specs: readonly MetricSpec[];
  readonly scope: MetricScope;
  /** The largest value that the metric can have; null = no limit. */
  readonly most: number | null;
  /** What it is when nothing happens: 0, but for a time that work takes. */
  readonly idle: number;
  readonly marks: readonly Mark[];
}

/** The loads of a policy, one for each metric that its strategies read. */
export function axesOf({ strategies }: Policy): readonly Axis[] {
  const axes = new Map<string, Axis>();
  for (const { spec, scope, marks, idle = 0 } of strategies.flatMap(usesOf)) {
    const key = JSON.stringify([spec.query, scope]);
    const before = axes.get(key);
    const specs = [...(before?.specs ?? []).filter(({ id }) => id !== spec.id), spec];
    axes.set(key, {
      specs,
      scope,
      idle,
      most: mostOf(spec, scope),
      marks: [...(before?.marks ?? []), ...marks],
    });
  }
  return [...axes.values()];
}

/**
 * The same loads, were the metrics that steps and thresholds take for independent of the size in truth averages over
 * units; null where there is none such. One that drives a single direction is left alone: what an error rate does when
 * units are added, nobody knows.
 */
export function wereTheyAverages(policy: Policy, axes: readonly Axis[]): readonly Axis[] | null {
  const ids = policy.strategies.flatMap((strategy) =>
    (strategy.kind === 'step' || strategy.kind === 'threshold') &&
    strategy.scope === 'independent' &&
    strategy.out !== null &&
    strategy.in !== null
      ? [strategy.metric.id]
      : [],
  );
  if (ids.length === 0) return null;
  return axes.map((axis) =>
    axis.specs.some(({ id }) => ids.includes(id))
      ? { ...axis, scope: 'average', marks: axis.marks.map(({ value }) => each(value)) }
      : axis,
  );
}

/** Percentages of one unit or of all end at 100, sums of them and other metrics nowhere. */
const mostOf = ({ unit }: MetricSpec, scope: MetricScope): number | null =>
  unit.trim() === '%' && scope !== 'total' ? 100 : null;

const each = (value: number): Mark => ({ value, perUnit: true });
const plain = (value: number): Mark => ({ value, perUnit: false });

function usesOf(strategy: Strategy): readonly Use[] {
  switch (strategy.kind) {
    case 'target-tracking': {
      const { metric, scope, target, tolerance, activation } = strategy;
      const band = [target, target * (1 + tolerance.out), target * (1 - tolerance.in)];
      return [{ spec: metric, scope, marks: [...band.map(each), plain(activation)] }];
    }
    case 'step':
    case 'threshold': {
      const { metric, scope } = strategy;
      const mark = scope === 'average' ? each : plain;
      return [{ spec: metric, scope, marks: edgesOf(strategy).map(mark) }];
    }
    case 'queue':
      return usesOfQueue(strategy);
    case 'expression': {
      const marks = [0, 1, 10, 100, 1000, ...numbersIn(strategy.formula)].map(plain);
      return strategy.metrics.map((spec) => ({ spec, scope: 'independent', marks }));
    }
  }
}

function edgesOf(strategy: Extract<Strategy, { kind: 'step' | 'threshold' }>): readonly number[] {
  if (strategy.kind === 'threshold') {
    return [strategy.out, strategy.in].flatMap((rule) => rule?.threshold ?? []);
  }
  return [strategy.out, strategy.in].flatMap((rule) =>
    (rule?.steps ?? []).flatMap(({ lower, upper }) =>
      [lower ?? 0, upper ?? 0].map((edge) => (rule?.threshold ?? 0) + edge),
    ),
  );
}

/** The execution time that stands for a measured one: a second. */
const TYPICAL_SECONDS = 1;

function usesOfQueue({
  metric,
  backlogPerWorker,
  memory,
  in: idle,
  activation,
}: QueueStrategy): readonly Use[] {
  const execution =
    backlogPerWorker.kind === 'latency' && backlogPerWorker.execution.kind === 'metric'
      ? backlogPerWorker.execution.metric
      : null;
  const marks = [each(messagesPerWorker(backlogPerWorker)), plain(idle.queueLength), plain(activation)];
  return [
    { spec: metric, scope: 'total', marks },
    ...(execution === null
      ? []
      : [
          {
            ...({ spec: execution, scope: 'independent', idle: TYPICAL_SECONDS } as const),
            marks: [plain(TYPICAL_SECONDS)],
          },
        ]),
    ...(memory === null
      ? []
      : [{ spec: memory.metric, scope: 'average', marks: [memory.above, memory.below].map(each) } as const]),
  ];
}

/** How many messages one worker may have waiting, with a typical execution time where that is measured. */
export function messagesPerWorker(backlog: QueueStrategy['backlogPerWorker']): number {
  if (backlog.kind === 'fixed') return backlog.messages;
  const { execution, targetLatencySeconds, concurrency } = backlog;
  const seconds = execution.kind === 'fixed' ? execution.seconds : TYPICAL_SECONDS;
  return (targetLatencySeconds / seconds) * concurrency;
}

function numbersIn(formula: Formula): readonly number[] {
  switch (formula.op) {
    case 'number':
      return [Math.abs(formula.value)];
    case 'metric':
    case 'variable':
      return [];
    case 'negate':
      return numbersIn(formula.of);
    case 'binary':
      return [formula.left, formula.right].flatMap(numbersIn);
    case 'if':
      return [formula.when, formula.then, formula.otherwise].flatMap(numbersIn);
    case 'call':
      return formula.args.flatMap(numbersIn);
  }
}

/** The value that the metrics of a load show at a size; null where there is none: an average over no unit. */
export function shownAt({ scope, most }: Axis, load: number, size: number): number | null {
  if (scope === 'average' && size === 0) return null;
  const value = scope === 'average' ? load / size : load;
  return Math.min(value, most ?? value);
}

/** The loads when nothing happens. */
export const idleLoads = (axes: readonly Axis[]): readonly number[] => axes.map(({ idle }) => idle);

/** The load that shows a value at a size. */
export const loadFor = ({ scope }: Axis, value: number, size: number): number =>
  scope === 'average' ? value * size : value;

/** What is read of the metrics of a policy when its loads have been the same for long. */
export function readingsOf(
  axes: readonly Axis[],
  loads: readonly number[],
  size: number,
  now: Instant,
): Readonly<Record<string, MetricReading>> {
  const readings: Record<string, MetricReading> = {};
  for (const [index, axis] of axes.entries()) {
    const value = shownAt(axis, loads[index] ?? 0, size);
    for (const spec of axis.specs) readings[spec.id] = steady(spec, value, now);
  }
  return readings;
}

/** A metric that has had one value for as long as anybody asks. */
export function steady(
  { periodSeconds, historySeconds }: MetricSpec,
  value: number | null,
  now: Instant,
): MetricReading {
  if (value === null) return { kind: 'missing', reason: 'no-data', detail: 'no unit runs' };
  const at = plusSeconds(now, -periodSeconds);
  if (historySeconds === 0) return { kind: 'value', value, at };
  const earlier = Array.from({ length: Math.ceil(historySeconds / periodSeconds) }, (_, back) => ({
    at: plusSeconds(at, -(back + 1) * periodSeconds),
    value,
  }));
  return { kind: 'value', value, at, earlier };
}

/** Which of the loads a metric shows. */
export const metricIn = (axes: readonly Axis[], id: string): number =>
  axes.findIndex(({ specs }) => specs.some((spec) => spec.id === id));
