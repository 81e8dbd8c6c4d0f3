import {
  type AccountView,
  ALONE,
  type Capacity,
  type MetricReading,
  type MissingReason,
  type Snapshot,
} from '../../shared/core/capacity.ts';
import { NO_SCHEDULE, type ScheduleState } from '../../shared/core/schedule.ts';
import type { Instant } from '../../shared/core/time.ts';
import { NOW } from './now.ts';

/** What {@link aSnapshot} takes: counts of units, and metrics as plain values, as reasons why they are missing, or as readings. */
export interface SnapshotOverrides extends Partial<Capacity> {
  readonly deployment?: Snapshot['deployment'];
  readonly units?: Snapshot['units'];
  readonly schedule?: ScheduleState;
  readonly account?: Partial<AccountView>;
  readonly limits?: NonNullable<Snapshot['limits']>;
  readonly metrics?: Readonly<Record<string, number | MissingReason | MetricReading>>;
  /** When plain values were measured; now when not given. */
  readonly at?: Instant;
}

/** A target that is where it was asked to be: four tasks, all running, CPU on target. Counts not given follow `desired`. */
export function aSnapshot(overrides: SnapshotOverrides = {}): Snapshot {
  const desired = overrides.desired ?? 4;
  const running = overrides.running ?? desired;
  const { ready = running, pending = Math.max(0, desired - running), deployment = 'none' } = overrides;
  return {
    capacity: { desired, running, ready, pending },
    deployment,
    units: overrides.units ?? null,
    schedule: overrides.schedule ?? NO_SCHEDULE,
    account: { ...ALONE, ...overrides.account },
    ...(overrides.limits === undefined ? {} : { limits: overrides.limits }),
    metrics: Object.fromEntries(
      Object.entries(overrides.metrics ?? { cpu: 70 }).map(([id, metric]) => [
        id,
        aReading(metric, overrides.at),
      ]),
    ),
  };
}

/** A metric reading: a value seen now, or a missing one. */
export function aReading(metric: number | MissingReason | MetricReading, at: Instant = NOW): MetricReading {
  if (typeof metric === 'number') return { kind: 'value', value: metric, at };
  if (typeof metric === 'string') return { kind: 'missing', reason: metric, detail: 'in this test' };
  return metric;
}
