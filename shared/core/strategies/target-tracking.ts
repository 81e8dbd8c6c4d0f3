import type { ProposalVerdict, TrackingProposal } from '../decision.ts';
import type { TargetTrackingStrategy } from '../policy.ts';
import { carriedBy, unitsMeasured } from './carried.ts';
import type { Proposal, Sight } from './proposal.ts';
import { blindTo, readingOf } from './reading.ts';

/**
 * Target tracking: the size at which the metric would stand on its target.
 * For an average over units, wish = units × value / target, with the units that served when it was measured; for a total,
 * wish = value / target; both rounded up.
 */
export function proposeTargetTracking(strategy: TargetTrackingStrategy, sight: Sight): Proposal {
  const { size } = sight;
  const { metric } = strategy;
  const reading = readingOf(metric, strategy.scope, sight);
  if (reading.kind === 'missing') return blindTo(metric, reading);
  const ready = unitsMeasured(metric, reading, sight);
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
    units: null,
    wish,
    verdict,
    carried: carriedBy(strategy.scope, metric, reading, sight),
    outAbove: strategy.target * (1 + strategy.tolerance.out),
  };
  return { kind: 'wish', from: metric.id, wish, step };
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
