import type { Policy } from '../../core/policy.ts';
import { strategyId } from '../../core/policy-metrics.ts';
import type { Receipt } from '../../core/receipt.ts';
import type { Strategy, TargetTrackingStrategy } from '../../core/strategy.ts';
import { axesOf, idleLoads, loadFor, metricIn } from '../axes.ts';
import type { Case } from '../case.ts';
import type { Finding } from '../finding.ts';
import { loadsOf, thinned } from '../samples.ts';
import { sizesText } from '../words.ts';

/** Combinations of loads that are tried at each size, beside no load at all. */
const LOADS = 60;

/**
 * From every size above the minimum some load must lead to scale-in; otherwise what was added in a rush stays for ever. And
 * a load that half of the units carry must not leave them all running.
 */
export function hiddenScaleIn(subject: Case): readonly Finding[] {
  const { lab, sizes } = subject;
  const { policy } = lab;
  const above = sizes.filter((size) => size > policy.bounds.min);
  if (above.length === 0 || policy.strategies.length === 0) return [];
  if (policy.paused.in) return [pausedNote(policy)];
  // What is paused on the way out does not tell what a size would come to.
  const stuck = stuckIn(subject, unpaused(policy), above);
  if (stuck.length === 0) return wideTolerances(subject, above);
  return [stuckFinding(subject, stuck, above)];
}

const found = ({ name }: Policy, severity: Finding['severity'], message: string, fix: string): Finding => ({
  check: 'hidden-scale-in',
  severity,
  policy: name,
  message,
  fix,
});

const unpaused = (policy: Policy): Policy => ({ ...policy, paused: { out: false, in: false } });

const pausedNote = (policy: Policy): Finding =>
  found(
    policy,
    'note',
    'Scale-in is paused by the policy: what is added stays until somebody takes it away.',
    'nothing, if that is meant',
  );

/** The sizes that stay without any load, and from which no other load leads to scale-in either. */
function stuckIn({ lab, sizes }: Case, policy: Policy, above: readonly number[]): readonly number[] {
  const axes = axesOf(policy);
  const nothing = idleLoads(axes);
  const loads = thinned(loadsOf(axes, thinned(sizes, 10)), LOADS);
  return above.filter((size) => {
    if (lab.decide({ axes, loads: nothing, size }, policy).kind === 'resize') return false;
    return !loads.some((load) => {
      const decision = lab.decide({ axes, loads: load, size }, policy);
      return decision.kind === 'resize' && decision.direction === 'in';
    });
  });
}

function stuckFinding(subject: Case, stuck: readonly number[], above: readonly number[]): Finding {
  const { lab, axes } = subject;
  const policy = unpaused(lab.policy);
  const everywhere = stuck.length === above.length;
  const [size = policy.bounds.max] = stuck;
  const receipt = lab.receipt({ axes, loads: idleLoads(axes), size }, policy);
  const where = everywhere ? 'any size' : sizesText(stuck, above);
  const { why, fix } = culprit(subject, stuck) ?? {
    why: `with no load at all the decision at ${size} is ${outcomeOf(receipt)}`,
    fix: 'change the rules for scale-in',
  };
  return {
    ...found(
      policy,
      everywhere ? 'error' : 'warning',
      `No load leads to scale-in from ${where}, although min is ${policy.bounds.min}: ${why}.`,
      fix,
    ),
    receipts: [receipt],
  };
}

const outcomeOf = ({ decision }: Receipt): string =>
  decision.kind === 'hold' ? `to hold (${decision.reason})` : `a resize to ${decision.to}`;

interface Culprit {
  readonly why: string;
  readonly fix: string;
}

/** What hides scale-in: that without which it would come about. */
function culprit(subject: Case, stuck: readonly number[]): Culprit | null {
  const policy = unpaused(subject.lab.policy);
  const frees = (changed: Policy): boolean => stuckIn(subject, changed, stuck).length < stuck.length;
  if (frees({ ...policy, behavior: { kind: 'none' } })) {
    return { why: 'the behavior block does not let it', fix: 'allow scale-in in behavior.scaleDown' };
  }
  const strategy = policy.strategies.find(
    (each) =>
      policy.strategies.length > 1 &&
      frees({ ...policy, strategies: policy.strategies.filter((other) => other !== each) }),
  );
  if (strategy !== undefined) {
    return {
      why: `${nameOf(strategy)} never agrees to it`,
      fix: 'give it a rule for scale-in, or remove its part in it',
    };
  }
  const oneWay = policy.strategies.every(
    (each) => (each.kind === 'step' || each.kind === 'threshold') && each.in === null,
  );
  return oneWay ? { why: 'no strategy has a rule for it', fix: 'add scaleIn to one of them' } : null;
}

const nameOf = (strategy: Strategy): string => `the ${strategy.kind} strategy "${strategyId(strategy)}"`;

/** Tolerances so wide that a load which half of the units carry at the target leaves them all running. */
function wideTolerances({ lab, axes }: Case, above: readonly number[]): readonly Finding[] {
  const { policy } = lab;
  const even = above.find((size) => size % 2 === 0 && size / 2 >= Math.max(1, policy.bounds.min));
  if (even === undefined) return [];
  const tracking = policy.strategies.filter(
    (each): each is TargetTrackingStrategy => each.kind === 'target-tracking',
  );
  return tracking.flatMap((strategy) => {
    const own = metricIn(axes, strategy.metric.id);
    const axis = axes[own];
    if (axis === undefined) return [];
    const half =
      strategy.scope === 'average' ? loadFor(axis, strategy.target / 2, even) : (strategy.target * even) / 2;
    const receipt = lab.receipt({ axes, loads: idleLoads(axes).with(own, half), size: even });
    if (!isTolerated(receipt, strategy)) return [];
    const { label } = strategy.metric;
    const message = `At ${even} units a load of half the target, which ${even / 2} could carry, leads to no scale-in: ${label} is within the tolerance of ${strategy.tolerance.in} below its target.`;
    return [
      {
        ...found(policy, 'warning', message, 'lower tolerance.in: 0.1 to 0.2 is usual'),
        receipts: [receipt],
      },
    ];
  });
}

/** Whether the size stays because this strategy tolerates the load, and not because another one wants it. */
const isTolerated = ({ decision }: Receipt, { metric }: TargetTrackingStrategy): boolean =>
  decision.kind === 'hold' &&
  decision.trace.some(
    (step) => step.step === 'proposal' && step.metric === metric.id && step.verdict === 'within-tolerance',
  );
