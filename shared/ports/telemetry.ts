import type { Decision } from '../core/decision.ts';
import type { Policy } from '../core/policy.ts';
import type { Signal } from '../core/signal.ts';
import type { TargetId } from '../core/target.ts';

/** A decision as logs and metrics see it. */
export interface DecisionRecord {
  readonly decisionId: string;
  readonly policy: Policy;
  readonly signal: Signal;
  readonly decision: Decision;
}

/** What the controller tells about itself. Never throws, never blocks. */
export interface Telemetry {
  decided(record: DecisionRecord): void;
  settled(target: TargetId, outcome: 'completed' | 'failed', durationSeconds: number): void;
  ledgerConflict(target: TargetId): void;
  /** `lagSeconds`: how long the longest waiting target waited beyond the tick that should have asked it. */
  swept(due: number, lagSeconds: number): void;
  /** A signal or event that was set aside. */
  problem(message: string, fields: Readonly<Record<string, unknown>>): void;
}
