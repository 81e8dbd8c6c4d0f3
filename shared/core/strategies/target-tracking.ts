import type { MetricReading, Snapshot } from '../capacity.ts';
import type { ProposalVerdict, Step, TrackingProposal } from '../decision.ts';
import type { TargetTrackingStrategy } from '../policy.ts';
import { instant } from '../time.ts';
import { unitsThen } from '../units-then.ts';
import type { Proposal, Sight } from './proposal.ts';

/**
 * Target tracking: the size at which the metric would stand on its target.
 * For an average over units, wish = units × value / target, with the units that served when it was measured; for a total,
 * wish = value / target; both rounded up.
 */
export function proposeTargetTracking(strategy: TargetTrackingStrategy, sight: Sight): Proposal {
  const { snapshot, state, size, now } = sight;
  const { metric } = strategy;
  const reading = readingOf(strategy, snapshot, size);
  if (reading.kind !== 'value') {
    const { reason, detail } = reading.kind === 'missing' ? reading : NOT_READ;
    const step: Step = { step: 'missing', metric: metric.id, label: metric.label, reason, detail };
    return { kind: 'blind', from: metric.id, step };
  }
  const datapoint = { at: reading.at, periodSeconds: metric.periodSeconds };
  // At zero an average speaks of units that are gone on purpose: it must not call them back.
  const ready =
    size === 0 ? snapshot.capacity.ready : unitsThen(state, snapshot.capacity.ready, datapoint, now);
  const { exact, wish, verdict } = track(strategy, reading.value, ready, size);
  const step: TrackingProposal = {
    step: 'proposal',
    strategy: 'target-tracking',
    metric: metric.id,
    label: metric.label,
    unit: metric.unit,
    scope: strategy.scope,
    value: reading.value,
    target: strategy.target,
    ready,
    size,
    exact,
    wish,
    verdict,
    carried: strategy.scope === 'average' ? ready * reading.value : reading.value,
    outAbove: strategy.target * (1 + strategy.tolerance.out),
    units: null,
  };
  return { kind: 'wish', from: metric.id, wish, step };
}

const NOT_READ: Extract<MetricReading, { kind: 'missing' }> = {
  kind: 'missing',
  reason: 'read-failed',
  detail: 'the metric was not read',
};

// With every unit down the wish would be 0 × value / target = 0: a cut in the worst moment.
const NOBODY_SERVES: MetricReading = {
  kind: 'missing',
  reason: 'no-units-ready',
  detail: 'no unit serves, so an average over units says nothing',
};

function readingOf(
  { metric, scope }: TargetTrackingStrategy,
  snapshot: Snapshot,
  size: number,
): MetricReading {
  if (scope === 'average' && size > 0 && snapshot.capacity.ready === 0) return NOBODY_SERVES;
  const reading = snapshot.metrics[metric.id] ?? NOT_READ;
  if (reading.kind === 'value') {
    const usable = Number.isFinite(reading.value) && reading.value >= 0;
    return usable
      ? reading
      : { kind: 'missing', reason: 'not-a-number', detail: `the value is ${reading.value}` };
  }
  if (reading.kind === 'samples') return reading;
  // Zero for a metric that disappears is the author's explicit choice; a failed read is no disappearance.
  const gone = reading.reason === 'no-data' || reading.reason === 'stale';
  return gone && metric.whenMissing === 'zero' ? { kind: 'value', value: 0, at: instant(0) } : reading;
}

function track(strategy: TargetTrackingStrategy, value: number, ready: number, size: number) {
  const { target, tolerance, scope } = strategy;
  // Multiplied before divided: 25 × 110 / 50 is 55, while 110 / 50 × 25 is 55.00000000000001 and rounds up to 56.
  const exact = (scope === 'average' ? ready * value : value) / target;
  const outcome = (verdict: ProposalVerdict, wish: number) => ({ exact, wish, verdict });
  const rounded = Math.ceil(exact);
  // From zero there is no band: any load needs a unit, as in autoscaling/v2.
  if (size === 0) return outcome(rounded > 0 ? 'above' : 'below', rounded);
  const ratio = scope === 'average' ? value / target : value / (target * size);
  if (ratio >= 1 - tolerance.in && ratio <= 1 + tolerance.out) return outcome('within-tolerance', size);
  if (ratio < 1) return outcome('below', Math.min(rounded, size));
  // Units on their way carry nothing yet; if the load fits once they serve, nothing more is needed.
  const covered = ready < size && exact / size <= 1 + tolerance.out;
  return covered ? outcome('covered-by-pending', size) : outcome('above', rounded);
}
