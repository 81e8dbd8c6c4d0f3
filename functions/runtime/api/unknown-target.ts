import { ACCOUNT } from '../../../shared/core/account.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { type TargetId, targetId } from '../../../shared/core/target.ts';
import { findPolicy } from '../../../shared/usecases/scale-by-hand.ts';
import { quoted } from '../fields.ts';
import type { Refusal } from './answers.ts';

/** Names that a refusal lists at most. */
const LISTED_NAMES = 20;

/** The refusal of a name that no policy knows, with the names that would do. */
export function unknownTarget(name: string, known: readonly string[]): Refusal {
  const listed = known.slice(0, LISTED_NAMES);
  const more = known.length > listed.length ? ` and ${known.length - listed.length} more` : '';
  const advice =
    known.length === 0
      ? 'there are no policies'
      : `use the name of a policy (${listed.join(', ')}${more}), a service name that only one of them has, or a target id such as ecs-service/prod/web`;
  return {
    status: 404,
    code: 'unknown-target',
    message: `No policy names the target ${quoted(name)}: ${advice}.`,
    details: { known: listed, total: known.length },
  };
}

/** A target of a policy by any of its names; or the id of one that has no policy any more, but a history. */
export function targetNamed(policies: readonly Policy[], name: string): TargetId | null {
  const policy = findPolicy(policies, name);
  if (policy !== null) return targetId(policy.target);
  if (name === ACCOUNT) return ACCOUNT;
  // ECS gives clusters and services names of 255 characters at most; DynamoDB refuses keys that are far longer.
  return /^ecs-service\/[^/]{1,255}\/[^/]{1,255}$/.test(name) ? (name as TargetId) : null;
}
