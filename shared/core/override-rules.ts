import type { Override } from './ledger-entry.ts';
import { capital, overrideInWords, overrideWithOwner } from './override-words.ts';
import type { Policy } from './policy.ts';

/** The overrides of a target with one more: there is one of each kind, so a new one takes the place of its like. */
export const withOverride = (before: readonly Override[], override: Override): readonly Override[] => [
  ...before.filter(({ kind }) => kind !== override.kind),
  override,
];

/**
 * What an override contradicts: the policy or another override in force, both named, with the way out; null when nothing.
 * `inForce`: the overrides of the target that have not ended. One of the same kind is replaced, so it contradicts nothing.
 */
export function contradictionOf(
  wanted: Override,
  inForce: readonly Override[],
  policy: Policy,
): string | null {
  const others = inForce.filter(({ kind }) => kind !== wanted.kind);
  return againstPolicy(wanted, others, policy) ?? againstOthers(wanted, others);
}

function againstPolicy(wanted: Override, others: readonly Override[], policy: Policy): string | null {
  const { min } = policy.bounds;
  const of = (bound: string) => `${capital(overrideInWords(wanted))} is ${bound} of policy ${policy.name}.`;
  switch (wanted.kind) {
    case 'pause':
      return null;
    case 'ceiling':
      return wanted.size < min
        ? `${of(`below the minimum of ${min}`)} Ask for ${min} or more, or change the policy.`
        : null;
    case 'floor': {
      const { max } = policy.bounds;
      return wanted.size > max && !wanted.force
        ? `${of(`above the maximum of ${max}`)} Ask for ${max} or less, or set force to lift the maximum while it lasts.`
        : null;
    }
    case 'pin': {
      const max = Math.max(policy.bounds.max, ...others.flatMap(liftedTo));
      if (wanted.size < min)
        return `${of(`below the minimum of ${min}`)} Ask for ${min} or more, or change the policy.`;
      return wanted.size > max
        ? `${of(`above the maximum of ${max}`)} Ask for ${max} or less, or change the policy.`
        : null;
    }
  }
}

const liftedTo = (override: Override): readonly number[] =>
  override.kind === 'floor' && override.force ? [override.size] : [];

function againstOthers(wanted: Override, others: readonly Override[]): string | null {
  const [other] = contradictedBy(wanted, others);
  return other === undefined
    ? null
    : `${capital(overrideInWords(wanted))} contradicts ${overrideWithOwner(other)}. Clear that ${other.kind} first, or ask for another size.`;
}

/** The overrides in force that cannot hold beside another one: what it overrules, or what makes way for it in an emergency. */
export const contradictedBy = (wanted: Override, inForce: readonly Override[]): readonly Override[] =>
  inForce.filter((each) => contradicts(wanted, each));

/** Whether two overrides of different kinds cannot both hold, in either order. */
const contradicts = (one: Override, other: Override): boolean => isAbove(one, other) || isAbove(other, one);

/** A floor above a ceiling or a pin, or a pin above a ceiling. */
function isAbove(lower: Override, upper: Override): boolean {
  if (lower.kind === 'pause' || upper.kind === 'pause') return false;
  return RANK[lower.kind] < RANK[upper.kind] && lower.size > upper.size;
}

/** From below: a floor may not be above a pin, nor a pin above a ceiling. */
const RANK = { floor: 0, pin: 1, ceiling: 2 } as const;
