import type { BacklogPerWorker, QueueStrategy, StrategyAlarms } from '../../core/strategy.ts';
import { checkPercent, scopeOf } from '../metric-presets.ts';
import type { DocumentPath, Report } from '../problem.ts';
import { secondsOf } from '../schema/duration.ts';
import type { StrategyOf } from '../schema/strategy.ts';
import { DEFAULT_SENSITIVITY, sensitivityOf } from './alarms.ts';
import { durationOf, type StrategyContext, strategyMetric } from './context.ts';

type QueueDocument = StrategyOf<'queue'>;

/** How long a queue has to be idle unless the policy says otherwise. */
const IDLE_SECONDS = 300;

/** A queue document as a strategy, or null after reporting a backlog that says too little. */
export function compileQueue(document: QueueDocument, context: StrategyContext): QueueStrategy | null {
  const { path, report } = context;
  const { scaleIn } = document;
  const idleSeconds = durationOf(
    { key: 'idle', seconds: scaleIn.idle === undefined ? undefined : secondsOf(scaleIn.idle) },
    { key: 'idleSeconds', seconds: scaleIn.idleSeconds },
    IDLE_SECONDS,
    [...path, 'scaleIn'],
    report,
  );
  checkLength(document, context);
  const metric = strategyMetric(document.queueLength, ['queueLength'], context, idleSeconds);
  const backlogPerWorker = backlogOf(document.backlogPerWorker, context);
  const memory = memoryOf(document.memory, context);
  return (
    backlogPerWorker && {
      kind: 'queue',
      metric,
      backlogPerWorker,
      memory,
      in: { queueLength: scaleIn.queueLength, idleSeconds },
      activation: document.activation ?? 0,
      alarms: alarmsOf(document.alarms, metric.periodSeconds, [...path, 'alarms'], report),
    }
  );
}

/** Whether a queue is idle depends on a time that no alarm on its length tells: above the minimum the sweep watches it. */
function alarmsOf(
  document: QueueDocument['alarms'],
  periodSeconds: number,
  path: DocumentPath,
  report: Report,
): StrategyAlarms {
  if (document?.in) {
    report([...path, 'in'], 'a queue has no alarm for scale-in; the sweep watches it (remove in)', 'key');
  }
  const { out } = DEFAULT_SENSITIVITY;
  return { out: sensitivityOf(document?.out, out, periodSeconds, [...path, 'out'], report), in: null };
}

function checkLength({ queueLength }: QueueDocument, { target, path, report }: StrategyContext): void {
  if (scopeOf(queueLength, undefined, 'total', { target, path, report }) === 'total') return;
  const preset = 'preset' in queueLength ? queueLength.preset : '';
  report([...path, 'queueLength', 'preset'], `${preset} is no length of a queue (write queue-length)`);
}

function backlogOf(
  written: QueueDocument['backlogPerWorker'],
  context: StrategyContext,
): BacklogPerWorker | null {
  if (typeof written === 'number') return { kind: 'fixed', messages: written };
  const { report } = context;
  const path = [...context.path, 'backlogPerWorker'];
  const { executionSeconds, executionTime, targetLatencySeconds } = written;
  const latency = { kind: 'latency', targetLatencySeconds, concurrency: written.concurrency ?? 1 } as const;
  if (executionSeconds !== undefined && executionTime !== undefined) {
    report([...path, 'executionTime'], 'stands beside executionSeconds (keep one of the two)', 'key');
    return null;
  }
  if (executionTime !== undefined) {
    const metric = strategyMetric(executionTime, ['backlogPerWorker', 'executionTime'], context);
    return { ...latency, execution: { kind: 'metric', metric } };
  }
  if (executionSeconds === undefined) {
    const fix = 'give executionSeconds, or a metric as executionTime';
    report([...path, 'executionSeconds'], `is missing (${fix})`, 'key');
    return null;
  }
  if (targetLatencySeconds < executionSeconds) {
    report(
      [...path, 'targetLatencySeconds'],
      `${targetLatencySeconds} s is less than one execution of ${executionSeconds} s, which no number of workers can hold (raise it)`,
    );
  }
  return { ...latency, execution: { kind: 'fixed', seconds: executionSeconds } };
}

function memoryOf(memory: QueueDocument['memory'], context: StrategyContext): QueueStrategy['memory'] {
  if (memory === undefined) return null;
  const { report } = context;
  const path = [...context.path, 'memory'];
  checkPercent(memory.metric, memory.above, 'passed', [...path, 'above'], report);
  checkPercent(memory.metric, memory.below, 'a value', [...path, 'below'], report);
  if (memory.below >= memory.above) {
    report([...path, 'below'], `${memory.below} is not below above ${memory.above} (lower it)`);
  }
  const metric = strategyMetric(memory.metric, ['memory', 'metric'], context);
  return { metric, above: memory.above, below: memory.below };
}
