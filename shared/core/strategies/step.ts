import type { Direction } from '../decision.ts';
import { floorOf } from '../rounding.ts';
import type { StepAdjustment, StepRule, StepScalingStrategy } from '../strategy.ts';
import { carriedBy } from './carried.ts';
import { growthBase, ruled } from './change.ts';
import type { Proposal, Sight } from './proposal.ts';
import { blindTo, readingOf } from './reading.ts';

/** How an adjustment becomes units: the part of a step strategy that says it. */
export type Adjusting = Pick<StepScalingStrategy, 'adjustmentType' | 'minAdjustmentMagnitude'>;

interface Found {
  readonly side: Direction;
  readonly threshold: number;
  readonly adjustment: number;
}

/** Step scaling with the semantics of Application Auto Scaling: the step that holds the difference `value − threshold`. */
export function proposeStepScaling(strategy: StepScalingStrategy, sight: Sight): Proposal {
  const { metric, scope, adjustmentType } = strategy;
  const { size } = sight;
  const reading = readingOf(metric, scope, sight);
  if (reading.kind === 'missing') return blindTo(metric, reading);
  // At zero an average speaks of units that are gone on purpose: it must not call them back.
  const found = scope === 'average' && size === 0 ? null : stepFor(strategy, reading.value);
  const wish = found === null ? size : wishOf(strategy, found.adjustment, sight);
  return ruled(strategy, found?.side ?? null, {
    step: 'proposal',
    strategy: 'step',
    metric: metric.id,
    label: metric.label,
    unit: metric.unit,
    scope,
    value: reading.value,
    size,
    wish,
    side: found?.side ?? null,
    threshold: found?.threshold ?? null,
    adjustmentType,
    adjustment: found?.adjustment ?? null,
    // Even where a step changes nothing: its alarm is red already, and says nothing of the next step.
    verdict: found === null ? 'within-tolerance' : found.side === 'out' ? 'above' : 'below',
    carried: carriedBy(scope, metric, reading, sight),
    outAbove: scope === 'average' ? growsFrom(strategy.out) : null,
  });
}

function stepFor({ out, in: inward }: StepScalingStrategy, value: number): Found | null {
  const candidates = [
    out !== null && value >= out.threshold ? stepIn(out, 'out', value) : null,
    inward !== null && value <= inward.threshold ? stepIn(inward, 'in', value) : null,
  ];
  return candidates.find((found) => found !== null) ?? null;
}

// A breach exactly at the threshold belongs to the step that begins there (out) or ends there (in).
function stepIn({ threshold, steps }: StepRule, side: Direction, value: number): Found | null {
  const step = steps.find((candidate) => holds(candidate, side, value - threshold));
  return step === undefined ? null : { side, threshold, adjustment: step.adjustment };
}

function holds({ lower, upper }: StepAdjustment, side: Direction, difference: number): boolean {
  const [from, to] = [lower ?? Number.NEGATIVE_INFINITY, upper ?? Number.POSITIVE_INFINITY];
  return side === 'out' ? difference >= from && difference < to : difference > from && difference <= to;
}

/** The value from which a rule adds units: its first steps may add none. */
function growsFrom(rule: StepRule | null): number | null {
  if (rule === null) return null;
  const starts = rule.steps.flatMap(({ lower, adjustment }) =>
    adjustment > 0 ? [Math.max(0, lower ?? 0)] : [],
  );
  return starts.length === 0 ? null : rule.threshold + Math.min(...starts);
}

function wishOf(strategy: StepScalingStrategy, adjustment: number, sight: Sight): number {
  const { size } = sight;
  if (strategy.adjustmentType === 'ExactCapacity' || adjustment <= 0) {
    return Math.max(0, size + unitsOf(strategy, adjustment, size));
  }
  const base = growthBase(sight);
  return Math.max(size, base + unitsOf(strategy, adjustment, base));
}

/**
 * The units that an adjustment adds to a size (removes when negative). Percentages are rounded as Application Auto Scaling
 * does: toward zero, but to one unit at least, and to the least magnitude where one is declared.
 */
export function unitsOf(strategy: Adjusting, adjustment: number, size: number): number {
  switch (strategy.adjustmentType) {
    case 'ChangeInCapacity':
      return adjustment;
    case 'ExactCapacity':
      return adjustment - size;
    case 'PercentChangeInCapacity': {
      if (adjustment === 0) return 0;
      const units = floorOf((size * Math.abs(adjustment)) / 100);
      return Math.sign(adjustment) * Math.max(units, 1, strategy.minAdjustmentMagnitude ?? 1);
    }
  }
}

/** What the larger-step rule looks at. */
export interface StepInCooldown {
  readonly strategy: Adjusting;
  /** The adjustment of the step that asks now. */
  readonly adjustment: number;
  /** The scale-out whose cooldown runs. A scale-in since then does not touch it. */
  readonly lastOut: { readonly from: number; readonly to: number };
}

/**
 * Within a scale-out cooldown only a larger step acts, and only by what it adds to the one before: after 10 + 2, a step of
 * + 3 leads to 13. Both count from the size before the first scale-out. Returns that size; null = the step is not larger.
 */
export function largerStep({ strategy, adjustment, lastOut }: StepInCooldown): number | null {
  const to = lastOut.from + unitsOf(strategy, adjustment, lastOut.from);
  return to > lastOut.to ? to : null;
}
