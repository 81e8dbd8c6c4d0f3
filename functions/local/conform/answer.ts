import * as z from 'zod';
import { cycle } from './cycle.ts';
import { decision } from './decision.ts';
import { defaults, eventLog } from './pacing.ts';
import { grouping, replicas } from './replicas.ts';
import { perPodUsage, ratio, requests } from './usage.ts';
import type { Actual, Vector } from './vector.ts';

/** How each kind of vector is answered. */
const KINDS = {
  decision,
  eventLog,
  defaults,
  replicas,
  grouping,
  requests,
  cycle,
  ratio,
  perPodUsage,
} as const satisfies Readonly<Record<string, (vector: unknown) => Actual>>;

const CLASSIC =
  'the rule for a target at zero from before Kubernetes 1.37; this one follows the rule of 1.37 (scaled-to-zero-condition)';

/** Profiles that are not taken, and why. */
const SKIPPED_PROFILES: Readonly<Record<string, string>> = { 'classic-zero': CLASSIC };

const KNOWN_PROFILES = ['all', 'int64', 'quirk', 'tolerance-1.33', 'scaled-to-zero-condition'];

/** What a vector gets: an answer, or the reason why there is none. */
export type Answer =
  | { readonly kind: 'actual'; readonly actual: Actual }
  | { readonly kind: 'skipped'; readonly reason: string }
  /** It lacks what its kind needs. */
  | { readonly kind: 'malformed'; readonly problem: string };

/** Answers a vector by the shipped core. `expect` is not handed on. */
export function answerTo(given: Vector): Answer {
  const vector: Vector = { ...given, expect: undefined };
  const reason = skippedBecause(vector);
  if (reason !== null) return { kind: 'skipped', reason };
  const answer = KINDS[vector.kind as keyof typeof KINDS];
  try {
    return { kind: 'actual', actual: answer(vector) };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const problems = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return { kind: 'malformed', problem: problems.join('; ') };
  }
}

function skippedBecause({ kind, profile, ...rest }: Vector): string | null {
  if (!Object.hasOwn(KINDS, kind)) return `the kind ${kind} is not known`;
  const refused = SKIPPED_PROFILES[profile];
  if (refused !== undefined) return `profile ${profile}: ${refused}`;
  if (!KNOWN_PROFILES.includes(profile)) return `the profile ${profile} is not known`;
  const features = rest['features'];
  const classic =
    typeof features === 'object' && features !== null && Reflect.get(features, 'scaleToZero') === 'classic';
  return classic ? `features.scaleToZero classic: ${CLASSIC}` : null;
}
