import { fixedBacklog } from '../core/alarms.ts';
import type { MetricScope, MetricSpec } from '../core/metric.ts';
import type { Policy } from '../core/policy.ts';
import type { QueueStrategy, Strategy } from '../core/strategy.ts';

/** A metric of a policy, and where it stands when every unit carries just what it should. */
export interface MetricAim {
  readonly metric: MetricSpec;
  readonly scope: MetricScope;
  readonly aim: number;
}

/** Under a threshold there must be room: at the right load the metric stands at this share of it. */
const SHARE_OF_THRESHOLD = 0.8;
/** Seconds that a message takes where the policy measures it. */
const ASSUMED_EXECUTION_SECONDS = 1;
/** A total whose policy says nothing of its scale. */
const ASSUMED_TOTAL = 100;

/** The metrics of a policy, each id once, the main one of the first strategy first. */
export function metricAims({ strategies, incident }: Policy): readonly MetricAim[] {
  const guarded: readonly MetricAim[] =
    incident === null
      ? []
      : [
          { metric: incident.load, scope: 'total', aim: ASSUMED_TOTAL },
          { metric: incident.errors, scope: 'independent', aim: 0 },
        ];
  const all = [...strategies.flatMap(aimsOf), ...guarded];
  return all.filter(({ metric }, index) => all.findIndex((each) => each.metric.id === metric.id) === index);
}

function aimsOf(strategy: Strategy): readonly MetricAim[] {
  switch (strategy.kind) {
    case 'target-tracking':
      return [{ metric: strategy.metric, scope: strategy.scope, aim: strategy.target }];
    case 'step':
    case 'threshold':
      return [{ metric: strategy.metric, scope: strategy.scope, aim: thresholdAim(strategy) }];
    case 'queue':
      return queueAims(strategy);
    case 'expression':
      return strategy.metrics.map((metric) => ({ metric, scope: 'total', aim: ASSUMED_TOTAL }));
  }
}

function thresholdAim({
  out,
  in: inward,
}: Pick<Extract<Strategy, { kind: 'threshold' | 'step' }>, 'out' | 'in'>): number {
  if (out !== null) return out.threshold * SHARE_OF_THRESHOLD;
  return inward === null ? ASSUMED_TOTAL : inward.threshold / SHARE_OF_THRESHOLD;
}

function queueAims({ metric, backlogPerWorker, memory }: QueueStrategy): readonly MetricAim[] {
  const measured =
    backlogPerWorker.kind === 'latency' && backlogPerWorker.execution.kind === 'metric'
      ? backlogPerWorker
      : null;
  const perWorker =
    measured === null
      ? (fixedBacklog(backlogPerWorker) ?? ASSUMED_TOTAL)
      : (measured.targetLatencySeconds / ASSUMED_EXECUTION_SECONDS) * measured.concurrency;
  const execution =
    measured?.execution.kind === 'metric'
      ? [
          {
            metric: measured.execution.metric,
            scope: 'independent',
            aim: ASSUMED_EXECUTION_SECONDS,
          } as const,
        ]
      : [];
  const pressure =
    memory === null
      ? []
      : [{ metric: memory.metric, scope: 'average', aim: memory.above * SHARE_OF_THRESHOLD } as const];
  return [{ metric, scope: 'total', aim: perWorker }, ...execution, ...pressure];
}
