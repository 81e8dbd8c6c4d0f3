import type { Direction } from '../decision.ts';
import { ceilOf, floorOf } from '../rounding.ts';
import type { SizeChange, ThresholdRule, ThresholdStrategy } from '../strategy.ts';
import { carriedBy } from './carried.ts';
import { growthBase, ruled } from './change.ts';
import type { Proposal, Sight } from './proposal.ts';
import { blindTo, readingOf, type Seen } from './reading.ts';
import { type Sustained, sustained } from './sustained.ts';

/** A rule that the newest datapoint is beyond of, and for how long every datapoint has been. */
interface Breach extends Sustained {
  readonly side: Direction;
  readonly rule: ThresholdRule;
}

/** Thresholds with a sustained duration: out strictly above the one, in strictly below the other; where both hold, out. */
export function proposeThreshold(strategy: ThresholdStrategy, sight: Sight): Proposal {
  const { metric, scope } = strategy;
  const { size } = sight;
  const reading = readingOf(metric, scope, sight);
  if (reading.kind === 'missing') return blindTo(metric, reading);
  // At zero an average speaks of units that are gone on purpose: it must not call them back.
  const breaches = scope === 'average' && size === 0 ? [] : breachesOf(strategy, reading);
  const fired = breaches.find(({ whole }) => whole);
  const shown = fired ?? breaches[0];
  const wish = fired === undefined ? size : changed(fired.rule.change, fired.side, sight);
  return ruled(strategy, shown?.side ?? null, {
    step: 'proposal',
    strategy: 'threshold',
    metric: metric.id,
    label: metric.label,
    unit: metric.unit,
    scope,
    value: reading.value,
    size,
    wish,
    ...described(shown),
    // Not long enough yet: the alarm over the whole duration reports it.
    verdict: fired === undefined ? 'within-tolerance' : fired.side === 'out' ? 'above' : 'below',
    carried: carriedBy(scope, metric, reading, sight),
    outAbove: scope === 'average' && strategy.out !== null ? strategy.out.threshold : null,
  });
}

function breachesOf({ metric, out, in: inward }: ThresholdStrategy, reading: Seen): readonly Breach[] {
  const over = (rule: ThresholdRule, side: Direction): readonly Breach[] => {
    const beyond = (value: number) => (side === 'out' ? value > rule.threshold : value < rule.threshold);
    if (!beyond(reading.value)) return [];
    return [{ side, rule, ...sustained(reading, metric.periodSeconds, rule.forSeconds, beyond) }];
  };
  return [...(out === null ? [] : over(out, 'out')), ...(inward === null ? [] : over(inward, 'in'))];
}

function described(breach: Breach | undefined) {
  if (breach === undefined) {
    return { side: null, threshold: null, forSeconds: 0, sustainedSeconds: 0, change: null };
  }
  const { side, rule, seconds } = breach;
  const { threshold, forSeconds, change } = rule;
  return { side, threshold, forSeconds, sustainedSeconds: seconds, change };
}

/** The size after a change; one in the wrong direction is none: out never shrinks, in never grows. */
function changed(change: SizeChange, side: Direction, sight: Sight): number {
  const { size } = sight;
  if (side === 'in') return Math.max(0, Math.min(size, less(change, size)));
  return Math.max(size, more(change, growthBase(sight)));
}

function more({ kind, value }: SizeChange, size: number): number {
  if (kind === 'exact') return value;
  return size + (kind === 'units' ? value : Math.max(1, ceilOf((size * value) / 100)));
}

function less({ kind, value }: SizeChange, size: number): number {
  if (kind === 'exact') return value;
  return size - (kind === 'units' ? value : Math.max(1, floorOf((size * value) / 100)));
}
