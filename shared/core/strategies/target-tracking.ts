import type { Capacity, MetricReading, Snapshot } from '../capacity.ts';
import type { Step } from '../decision.ts';
import type { MetricSpec, TargetTrackingStrategy } from '../policy.ts';
import { instant } from '../time.ts';
import type { Proposal } from './proposal.ts';

type Verdict = Extract<Step, { step: 'proposal' }>['verdict'];

/**
 * Target tracking: the size at which the metric would stand on its target.
 * For an average over units, wish = ready × value / target; for a total, wish = value / target; both rounded up.
 * `size` is what the resource is being brought to: units that are asked for but not ready yet.
 */
export function proposeTargetTracking(
  strategy: TargetTrackingStrategy,
  snapshot: Snapshot,
  size: number,
): Proposal {
  const { metric } = strategy;
  const reading = readingOf(metric, snapshot);
  if (reading.kind === 'missing') {
    const { reason, detail } = reading;
    const step: Step = { step: 'missing', metric: metric.id, label: metric.label, reason, detail };
    return { kind: 'blind', from: metric.id, step };
  }
  const { exact, wish, verdict } = track(strategy, reading.value, snapshot.capacity, size);
  const step: Step = {
    step: 'proposal',
    strategy: 'target-tracking',
    metric: metric.id,
    label: metric.label,
    unit: metric.unit,
    scope: strategy.scope,
    value: reading.value,
    target: strategy.target,
    ready: snapshot.capacity.ready,
    size,
    exact,
    wish,
    verdict,
  };
  return { kind: 'wish', from: metric.id, wish, step };
}

const NOT_READ: MetricReading = { kind: 'missing', reason: 'read-failed', detail: 'the metric was not read' };

function readingOf(metric: MetricSpec, snapshot: Snapshot): MetricReading {
  const reading = snapshot.metrics[metric.id] ?? NOT_READ;
  if (reading.kind === 'value') {
    const usable = Number.isFinite(reading.value) && reading.value >= 0;
    return usable
      ? reading
      : { kind: 'missing', reason: 'not-a-number', detail: `the value is ${reading.value}` };
  }
  // Zero for a metric that disappears is the author's explicit choice; a failed read is no disappearance.
  const gone = reading.reason === 'no-data' || reading.reason === 'stale';
  return gone && metric.whenMissing === 'zero' ? { kind: 'value', value: 0, at: instant(0) } : reading;
}

function track(strategy: TargetTrackingStrategy, value: number, capacity: Capacity, size: number) {
  const { target, tolerance, scope } = strategy;
  // Multiplied before divided: 25 × 110 / 50 is 55, while 110 / 50 × 25 is 55.00000000000001 and rounds up to 56.
  const exact = (scope === 'average' ? capacity.ready * value : value) / target;
  const ratio = scope === 'average' ? value / target : value / (target * Math.max(size, 1));
  const outcome = (verdict: Verdict, wish: number) => ({ exact, wish, verdict });
  if (ratio >= 1 - tolerance.in && ratio <= 1 + tolerance.out) return outcome('within-tolerance', size);
  const rounded = Math.ceil(exact);
  if (ratio < 1) return outcome('below', Math.min(rounded, size));
  // Units on their way carry nothing yet; if the load fits once they serve, nothing more is needed.
  const covered = exact / Math.max(size, 1) <= 1 + tolerance.out && capacity.ready < size;
  return covered || rounded < size ? outcome('covered-by-pending', size) : outcome('above', rounded);
}
