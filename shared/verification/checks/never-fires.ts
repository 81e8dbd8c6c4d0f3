import type { Decision } from '../../core/decision.ts';
import type { Policy } from '../../core/policy.ts';
import { type Axis, axesOf, loadFor, metricIn } from '../axes.ts';
import type { Case } from '../case.ts';
import type { Finding } from '../finding.ts';
import type { Situation } from '../lab.ts';
import { type Range, type Rule, rulesOf } from '../rules.ts';
import { restingLoads } from '../samples.ts';

/** How far beyond an open end of a range values are tried, as a factor. */
const FAR = 4;

/** What stopped a rule, and how often. */
interface Tally {
  readonly tried: number;
  readonly holds: ReadonlyMap<string, number>;
  /** Strategies that won instead, and how often. */
  readonly winners: ReadonlyMap<string, number>;
}

/**
 * Every rule must be able to do what it says: for some size and some values in the range of the metrics it leads to a
 * change in its direction. Automation that is switched off on purpose is not held against a rule.
 */
export function neverFires(subject: Case): readonly Finding[] {
  const { policy } = subject.lab;
  if (policy.bounds.min === policy.bounds.max) return [];
  const active: Policy = { ...policy, paused: { out: false, in: false } };
  return rulesOf(active).flatMap((rule) => {
    const tally = tryOut(subject, rule, active);
    if (tally === null) return [];
    const alone: Policy = { ...active, strategies: [rule.strategy] };
    const others = active.strategies.length > 1 && tryOut(subject, rule, alone) === null;
    return [findingOf(subject, rule, tally, others)];
  });
}

/** Tries a rule at every size over its range: null when it fired, otherwise what stopped it. */
function tryOut(subject: Case, rule: Rule, policy: Policy): Tally | null {
  const holds: string[] = [];
  const winners: string[] = [];
  let tried = 0;
  for (const situation of situationsOf(subject, rule, policy)) {
    const decision = subject.lab.decide(situation, policy);
    if (hasFired(rule, decision)) return null;
    tried += 1;
    if (decision.kind === 'hold') holds.push(decision.reason);
    const winner = winnerOf(decision);
    if (winner !== null && winner !== rule.id) winners.push(winner);
  }
  return { tried, holds: counted(holds), winners: counted(winners) };
}

function* situationsOf({ sizes }: Case, { metric, range }: Rule, policy: Policy): Generator<Situation> {
  const axes = axesOf(policy);
  const own = metricIn(axes, metric.id);
  const axis = axes[own];
  if (axis === undefined) return;
  const grounds = [axes.map(() => 0), ...(axes.length > 1 ? [restingLoads(axes, sizes)] : [])];
  const values = valuesIn(range, axis, sizes);
  for (const size of sizes)
    for (const value of values)
      yield* grounds.map((ground) => ({ axes, size, loads: ground.with(own, loadFor(axis, value, size)) }));
}

const counted = (texts: readonly string[]): ReadonlyMap<string, number> =>
  texts.reduce((counts, text) => counts.set(text, (counts.get(text) ?? 0) + 1), new Map<string, number>());

/** Values of a metric in a range: its ends, and some inside; none where the metric cannot be there. */
function valuesIn({ from, to }: Range, { most, scope }: Axis, sizes: readonly number[]): readonly number[] {
  const low = from ?? 0;
  // What a total must be to be beyond anything grows with the size.
  const far = Math.max(low, 1) * FAR * (scope === 'total' ? (sizes.at(-1) ?? 1) + 1 : 1);
  const high = Math.min(to ?? Math.max(far, most ?? far), most ?? Infinity);
  if (low > high) return [];
  const shares = [0, 1e-6, 0.25, 0.5, 0.75, 1 - 1e-6, 1];
  return [...new Set(shares.map((share) => low + (high - low) * share))];
}

function winnerOf({ trace }: Decision): string | null {
  const merge = trace.find((step) => step.step === 'merge');
  return merge?.step === 'merge' ? merge.from : null;
}

// Of several rules that agree to take away, each has its part in it; of those that ask for more the winner alone.
function hasFired({ id, direction, made }: Rule, decision: Decision): boolean {
  if (decision.kind !== 'resize' || decision.direction !== direction) return false;
  const proposed = decision.trace.some(
    (step) => step.step === 'proposal' && step.metric === id && made(step),
  );
  return proposed && (direction === 'in' || winnerOf(decision) === id);
}

function findingOf({ lab }: Case, rule: Rule, tally: Tally, byOthers: boolean): Finding {
  const { policy } = lab;
  return {
    check: 'never-fires',
    severity: byOthers ? 'warning' : 'error',
    policy: policy.name,
    message: `${rule.words} can never lead to scale-${rule.direction}: ${reasonOf(rule, tally, byOthers)}.`,
    fix: tally.tried === 0 ? 'lower it into the range of the metric' : 'change the rule, or remove it',
  };
}

function reasonOf({ metric }: Rule, { tried, holds, winners }: Tally, byOthers: boolean): string {
  if (tried === 0) return `${metric.label} never passes 100 %`;
  const winner = mostOften(winners);
  if (byOthers && winner !== null) return `whenever it asks, the strategy "${winner}" asks for more`;
  const reason = mostOften(holds);
  const tries = `in all of ${tried.toLocaleString('en-US')} situations`;
  return reason === null ? `it did not ${tries}` : `it did not ${tries} (${reason})`;
}

function mostOften(counts: ReadonlyMap<string, number>): string | null {
  const [top] = [...counts].sort(([, one], [, other]) => other - one);
  return top === undefined ? null : top[0];
}
