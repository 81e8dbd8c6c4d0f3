import type { Decision, Direction } from '../../core/decision.ts';
import type { Policy } from '../../core/policy.ts';
import { type Axis, axesOf, idleLoads, loadFor, metricIn } from '../axes.ts';
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
  const active = switchedOn(policy);
  const rules = rulesOf(active);
  const dead = rules.flatMap((rule) => {
    const tally = tryOut(subject, rule, active);
    return tally === null ? [] : [{ rule, tally }];
  });
  return (['out', 'in'] as const).flatMap((direction) => {
    const toldOf = dead.filter(({ rule }) => rule.direction === direction);
    const all = rules.filter((rule) => rule.direction === direction);
    const same = sameReason(toldOf.map(({ tally }) => tally));
    if (toldOf.length > 1 && toldOf.length === all.length && same !== null) {
      return [together(policy, direction, all.length, same)];
    }
    return toldOf.map((each) => findingOf(subject, each, byOthers(subject, each.rule, active)));
  });
}

/** Automation that nobody paused. A behavior block without scale-in is a matter of its own. */
function switchedOn(policy: Policy): Policy {
  const { behavior } = policy;
  const paused = { out: false, in: false };
  if (behavior.kind !== 'rules' || behavior.scaleDown.selectPolicy !== 'Disabled')
    return { ...policy, paused };
  return {
    ...policy,
    paused,
    behavior: { ...behavior, scaleDown: { ...behavior.scaleDown, selectPolicy: 'Max' } },
  };
}

/** Whether a rule would fire were its strategy alone. */
const byOthers = (subject: Case, rule: Rule, policy: Policy): boolean =>
  policy.strategies.length > 1 && tryOut(subject, rule, { ...policy, strategies: [rule.strategy] }) === null;

/** The one reason that stopped several rules; null where there are several, or none. */
function sameReason(tallies: readonly Tally[]): string | null {
  const reasons = new Set(tallies.map(({ holds }) => mostOften(holds)));
  const [reason = null] = reasons;
  return reasons.size === 1 ? reason : null;
}

const together = ({ name }: Policy, direction: Direction, count: number, reason: string): Finding => ({
  check: 'never-fires',
  severity: 'error',
  policy: name,
  message: `None of the ${count} rules for scale-${direction} can ever lead to it: ${reasonText(reason)}.`,
  fix: 'remove what stops them, or remove the rules',
});

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
  const grounds = [idleLoads(axes), ...(axes.length > 1 ? [restingLoads(axes, sizes)] : [])];
  const values = valuesIn(range, axis, sizes);
  for (const size of sizes)
    for (const value of values)
      yield* grounds.map((ground) => ({ axes, size, loads: ground.with(own, loadFor(axis, value, size)) }));
}

const counted = (texts: readonly string[]): ReadonlyMap<string, number> =>
  texts.reduce((counts, text) => counts.set(text, (counts.get(text) ?? 0) + 1), new Map<string, number>());

/** Values of a metric in a range: its ends, and some inside; none where the metric cannot be there. */
function valuesIn(
  { from, to, above }: Range,
  { most, scope }: Axis,
  sizes: readonly number[],
): readonly number[] {
  const low = from ?? 0;
  // What a total must be to be beyond anything grows with the size.
  const far = Math.max(low, 1) * FAR * (scope === 'total' ? (sizes.at(-1) ?? 1) + 1 : 1);
  const high = Math.min(to ?? Math.max(far, most ?? far), most ?? Infinity);
  if (low > high || (above === true && low === high)) return [];
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

/** A rule that did not fire. */
interface Dead {
  readonly rule: Rule;
  readonly tally: Tally;
}

function findingOf({ lab }: Case, { rule, tally }: Dead, shadowed: boolean): Finding {
  return {
    check: 'never-fires',
    severity: shadowed ? 'warning' : 'error',
    policy: lab.policy.name,
    message: `${rule.words} can never lead to scale-${rule.direction}: ${whyOf(rule, tally, shadowed)}.`,
    fix: tally.tried === 0 ? 'lower it into the range of the metric' : 'change the rule, or remove it',
  };
}

function whyOf({ metric, direction }: Rule, { tried, holds, winners }: Tally, shadowed: boolean): string {
  if (tried === 0) return `${metric.label} never passes 100 %`;
  const winner = mostOften(winners);
  if (shadowed && winner !== null) {
    return `whenever it asks, the strategy "${winner}" asks for ${direction === 'out' ? 'more' : 'a larger size'}`;
  }
  const reason = mostOften(holds);
  const tries = `it did not in all of ${tried.toLocaleString('en-US')} situations`;
  return reason === null ? tries : `${tries}; ${reasonText(reason)}`;
}

const REASONS: Readonly<Record<string, string>> = {
  'direction-disabled': 'the behavior block disables the direction',
  quota: 'the quota leaves no room',
  'would-flap': 'every cut is held because the units would come straight back',
};

const reasonText = (reason: string): string => REASONS[reason] ?? `the decision is to hold (${reason})`;

function mostOften(counts: ReadonlyMap<string, number>): string | null {
  const [top] = [...counts].sort(([, one], [, other]) => other - one);
  return top === undefined ? null : top[0];
}
