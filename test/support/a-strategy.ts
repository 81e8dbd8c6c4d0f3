import type { MetricReading } from '../../shared/core/capacity.ts';
import type { ProposalStep } from '../../shared/core/decision.ts';
import type { Formula } from '../../shared/core/formula.ts';
import type { TargetState } from '../../shared/core/ledger-entry.ts';
import type { MetricSpec } from '../../shared/core/metric.ts';
import type { Proposal, Sight } from '../../shared/core/strategies/proposal.ts';
import type {
  ExpressionStrategy,
  QueueStrategy,
  StepScalingStrategy,
  ThresholdStrategy,
} from '../../shared/core/strategy.ts';
import { type Instant, plusSeconds } from '../../shared/core/time.ts';
import { aTargetTracking } from './a-policy.ts';
import { aSnapshot, type SnapshotOverrides } from './a-snapshot.ts';
import { aState } from './a-state.ts';
import { NOW } from './now.ts';

/** The CPU of a service, with a quarter of an hour of history. */
export const aMetric = (overrides: Partial<MetricSpec> = {}): MetricSpec => ({
  ...aTargetTracking().metric,
  historySeconds: 900,
  ...overrides,
});

const ALARMS = { out: { datapoints: 1, of: 1 }, in: { datapoints: 5, of: 5 } } as const;

/** Step scaling of the vendor's own example: threshold 50, +10 % from 60, +30 % from 70, −10 % from 40, −30 % from 30. */
export const aStepScaling = (overrides: Partial<StepScalingStrategy> = {}): StepScalingStrategy => ({
  kind: 'step',
  metric: aMetric(),
  scope: 'average',
  adjustmentType: 'PercentChangeInCapacity',
  minAdjustmentMagnitude: null,
  out: {
    threshold: 50,
    steps: [
      { lower: 0, upper: 10, adjustment: 0 },
      { lower: 10, upper: 20, adjustment: 10 },
      { lower: 20, upper: null, adjustment: 30 },
    ],
  },
  in: {
    threshold: 50,
    steps: [
      { lower: -10, upper: 0, adjustment: 0 },
      { lower: -20, upper: -10, adjustment: -10 },
      { lower: null, upper: -20, adjustment: -30 },
    ],
  },
  alarms: ALARMS,
  ...overrides,
});

/** "CPU above 70 % for ten minutes: two more; below 30 % for five minutes: one less." */
export const aThreshold = (overrides: Partial<ThresholdStrategy> = {}): ThresholdStrategy => ({
  kind: 'threshold',
  metric: aMetric(),
  scope: 'average',
  out: { threshold: 70, forSeconds: 600, change: { kind: 'units', value: 2 } },
  in: { threshold: 30, forSeconds: 300, change: { kind: 'units', value: 1 } },
  alarms: ALARMS,
  ...overrides,
});

/** A queue with 100 messages a worker; a cut after five minutes at ten messages or fewer. */
export const aQueue = (overrides: Partial<QueueStrategy> = {}): QueueStrategy => ({
  kind: 'queue',
  metric: aMetric({ id: 'queue', label: 'Queue', unit: '' }),
  backlogPerWorker: { kind: 'fixed', messages: 100 },
  memory: null,
  in: { queueLength: 10, idleSeconds: 300 },
  activation: 0,
  alarms: ALARMS,
  ...overrides,
});

/** `cpu / 10`, as a strategy. */
export const anExpression = (overrides: Partial<ExpressionStrategy> = {}): ExpressionStrategy => ({
  kind: 'expression',
  id: 'formula',
  label: 'Formula',
  metrics: [aMetric()],
  source: 'cpu / 10',
  formula: divided({ op: 'metric', id: 'cpu' }, { op: 'number', value: 10 }),
  ...overrides,
});

/** `left / right`. */
export const divided = (left: Formula, right: Formula): Formula => ({
  op: 'binary',
  operator: '/',
  left,
  right,
});

/** What a strategy sees: the counts and metrics of a snapshot, and a target without a past unless told. */
export function aSight(
  overrides: SnapshotOverrides & {
    readonly state?: Partial<TargetState>;
    readonly min?: number;
    readonly now?: Instant;
  } = {},
): Sight {
  const { state, min = 0, now = NOW, ...counts } = overrides;
  const snapshot = aSnapshot(counts);
  const size = state?.resize?.to ?? snapshot.capacity.desired;
  return { snapshot, state: aState(state), size, min, now };
}

/** Datapoints a minute apart, the newest first and of the period that just ended. `null` = a gap. */
export function aSeries(...values: readonly (number | null)[]): MetricReading {
  const points = values.map((value, back) => ({ at: plusSeconds(NOW, -60 * (back + 1)), value }));
  const [newest, ...earlier] = points.flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]));
  if (newest === undefined) throw new Error('a series has a newest datapoint');
  return { kind: 'value', ...newest, earlier };
}

/** So many times the same value, for {@link aSeries}. */
export const times = (count: number, value: number): readonly number[] =>
  Array.from({ length: count }, () => value);

/** The wish and the verdict of a proposal in one line. */
export function wished(proposal: Proposal): string {
  switch (proposal.kind) {
    case 'wish':
      return `${proposal.wish} ${proposal.step.verdict}`;
    case 'silent':
      return 'silent';
    case 'blind':
      return `blind: ${proposal.step.reason}`;
  }
}

/** The arithmetic of a proposal that sees, of one kind of strategy. */
export function stepOf<K extends ProposalStep['strategy']>(
  proposal: Proposal,
  strategy: K,
): Extract<ProposalStep, { strategy: K }> {
  if (proposal.kind === 'blind' || proposal.step.strategy !== strategy) {
    throw new Error(`a proposal of ${strategy} was expected: ${JSON.stringify(proposal)}`);
  }
  return proposal.step as Extract<ProposalStep, { strategy: K }>;
}
