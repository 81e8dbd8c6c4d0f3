import type { Decision } from '../../shared/core/decision.ts';
import { explain } from '../../shared/core/explain.ts';
import { isUnmet } from '../../shared/core/observe.ts';
import type { DecisionRecord, Telemetry } from '../../shared/ports/telemetry.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Telemetry as one structured line per fact and one metric per kind of fact. */
export function loggedTelemetry(log: Log, metrics: Metrics): Telemetry {
  return {
    decided(record) {
      metrics.add('Decisions', 1, { Kind: record.decision.kind, Reason: reasonOf(record.decision) });
      log.info('decision', decisionFields(record));
    },
    settled(target, outcome, durationSeconds) {
      metrics.add('ResizeDuration', durationSeconds, { Outcome: outcome });
      log.info('resize settled', { target, outcome, durationSeconds });
    },
    ledgerConflict(target) {
      metrics.add('LedgerConflicts', 1, {});
      log.warn('another writer was first', { target });
    },
    swept(due, lagSeconds) {
      metrics.add('SweepLag', lagSeconds, {});
      log.info('swept', { due, lagSeconds });
    },
    problem(message, fields) {
      metrics.add('Problems', 1, {});
      log.error(message, fields);
    },
  };
}

const reasonOf = (decision: Decision): string =>
  decision.kind === 'resize' ? decision.cause : decision.reason;

function decisionFields({ decisionId, policy, signal, decision }: DecisionRecord): Record<string, unknown> {
  return {
    decisionId,
    signalId: signal.id,
    signal: signal.kind,
    target: signal.target,
    policy: policy.name,
    reason: reasonOf(decision),
    explanation: explain(decision),
    // A steady target is asked each minute: its arithmetic stands in the explanation, and a trace a minute is gigabytes.
    ...(decision.kind === 'resize' || isUnmet(decision) ? { decision } : {}),
  };
}
