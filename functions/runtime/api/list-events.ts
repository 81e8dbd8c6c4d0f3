import type { Handler } from 'hono';
import { toWire } from '../../../events/contracts/controller-events.ts';
import type { TargetId } from '../../../shared/core/target.ts';
import type { EventLog, EventQuery } from '../../../shared/ports/event-log.ts';
import type { PolicySource } from '../../../shared/ports/policy-source.ts';
import { answer, invalidFields, refuse } from './answers.ts';
import { type EventFilters, readEventQuery } from './event-query.ts';
import type { PastReads } from './past-reads.ts';
import { targetNamed, unknownTarget } from './unknown-target.ts';

/** `GET /api/infrastructure/scaling/events`: a page of the history. */
export const listEvents =
  (events: EventLog, policies: PolicySource, past: PastReads): Handler =>
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
    const query = queryOf(read.value, target);
    return answer(
      c,
      await past(c, 'events', query, async () => {
        const page = await events.list(query);
        return { events: page.events.map(toWire), cursor: page.cursor };
      }),
    );
  };

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
