import type { ProposalVerdict, TrackingProposal } from '../decision.ts';
import type { TargetTrackingStrategy } from '../strategy.ts';
import { unitsMeasured } from './carried.ts';
import type { Proposal, Sight } from './proposal.ts';
import { blindTo, checkedReading, together, type Unseen } from './reading.ts';
import { type Told, trackUnits } from './unit-tracking.ts';

/**
 * Target tracking: the size at which the metric would stand on its target.
 * For an average over units, wish = units × value / target, with the units that served when it was measured; for a total,
 * wish = value / target; both rounded up. Where units report one by one, autoscaling/v2's replica calculator answers.
 */
export function proposeTargetTracking(strategy: TargetTrackingStrategy, sight: Sight): Proposal {
  const { metric, scope, target, tolerance } = strategy;
  const opinion = opinionOf(strategy, sight);
  if (opinion.kind === 'missing') return blindTo(metric, opinion);
  const told = withActivation(opinion, strategy, sight);
  const step: TrackingProposal = {
    step: 'proposal',
    strategy: 'target-tracking',
    metric: metric.id,
    label: metric.label,
    unit: metric.unit,
    scope,
    target,
    size: sight.size,
    outAbove: target * (1 + tolerance.out),
    value: told.value,
    ready: told.ready,
    exact: told.exact,
    wish: told.wish,
    verdict: told.verdict,
    carried: told.carried,
    units: told.units,
    ...(told.activation !== undefined && { activation: told.activation }),
  };
  return { kind: 'wish', from: metric.id, wish: step.wish, step };
}

function opinionOf(strategy: TargetTrackingStrategy, sight: Sight): Told | Unseen {
  const { metric, scope } = strategy;
  const { units } = sight.snapshot;
  const given = checkedReading(metric, scope, sight);
  if (given.kind === 'samples' && units !== null) return trackUnits(strategy, sight, units, given.samples);
  const reading = given.kind === 'samples' ? together(given, scope) : given;
  if (reading.kind === 'missing') return reading;
  const { value } = reading;
  const ready = unitsMeasured(metric, reading, sight);
  return {
    kind: 'opinion',
    value,
    ready,
    carried: scope === 'average' ? value * ready : value,
    units: null,
    ...track(strategy, value, ready, sight.size),
  };
}

/** A total that does not exceed the activation needs no unit where none is allowed. */
function withActivation(
  opinion: Told,
  { scope, activation }: TargetTrackingStrategy,
  { size, min }: Sight,
): Told {
  const asked = scope !== 'total' || opinion.value > activation || (size > 0 && min > 0);
  if (asked || opinion.wish === 0) return opinion;
  return { ...opinion, wish: 0, verdict: 'below', activation };
}

function track(strategy: TargetTrackingStrategy, value: number, ready: number, size: number) {
  const { target, tolerance, scope } = strategy;
  // Multiplied before divided: 25 × 110 / 50 is 55, while 110 / 50 × 25 is 55.00000000000001 and rounds up to 56.
  const exact = (scope === 'average' ? ready * value : value) / target;
  const rounded = Math.ceil(exact);
  // From zero there is no band: any load needs a unit, as in autoscaling/v2.
  if (size === 0) return outcome(exact, rounded > 0 ? 'above' : 'below', rounded);
  const ratio = scope === 'average' ? value / target : value / (target * size);
  if (ratio >= 1 - tolerance.in && ratio <= 1 + tolerance.out)
    return outcome(exact, 'within-tolerance', size);
  if (ratio < 1) return outcome(exact, 'below', Math.min(rounded, size));
  // Units on their way carry nothing yet; if the load fits once they serve, nothing more is needed.
  const covered = ready < size && exact / size <= 1 + tolerance.out;
  return covered ? outcome(exact, 'covered-by-pending', size) : outcome(exact, 'above', rounded);
}

const outcome = (exact: number, verdict: ProposalVerdict, wish: number) => ({ exact, wish, verdict });
