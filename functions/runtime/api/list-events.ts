import type { Handler } from 'hono';
import { toWire } from '../../../events/contracts/controller-events.ts';
import { ACCOUNT } from '../../../shared/core/account.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { type TargetId, targetId } from '../../../shared/core/target.ts';
import type { EventLog, EventQuery } from '../../../shared/ports/event-log.ts';
import type { PolicySource } from '../../../shared/ports/policy-source.ts';
import { findPolicy } from '../../../shared/usecases/scale-by-hand.ts';
import { answer, invalidFields, refuse } from './answers.ts';
import { type EventFilters, readEventQuery } from './event-query.ts';
import { unknownTarget } from './unknown-target.ts';

/** `GET /api/infrastructure/scaling/events`: a page of the history. */
export const listEvents =
  (events: EventLog, policies: PolicySource): Handler =>
  async (c) => {
    const read = readEventQuery(c.req.queries());
    if (!read.ok) return refuse(c, invalidFields(read.problems));
    const { target: name } = read.value;
    const target = name === undefined ? undefined : targetNamed(policies.all(), name);
    if (target === null) {
      return refuse(
        c,
        unknownTarget(
          name ?? '',
          policies.all().map((policy) => policy.name),
        ),
      );
    }
    const page = await events.list(queryOf(read.value, target));
    return answer(c, { events: page.events.map(toWire), cursor: page.cursor });
  };

/** A target of a policy by any of its names; or the id of one that has no policy any more, but a history. */
function targetNamed(policies: readonly Policy[], name: string): TargetId | null {
  const policy = findPolicy(policies, name);
  if (policy !== null) return targetId(policy.target);
  if (name === ACCOUNT) return ACCOUNT;
  // ECS gives clusters and services names of 255 characters at most; DynamoDB refuses keys that are far longer.
  return /^ecs-service\/[^/]{1,255}\/[^/]{1,255}$/.test(name) ? (name as TargetId) : null;
}

function queryOf(filters: EventFilters, target: TargetId | undefined): EventQuery {
  const { type, since, until, order, limit, cursor } = filters;
  return {
    order,
    limit,
    ...(target === undefined ? {} : { target }),
    ...(type === undefined ? {} : { type }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
