import type { Handler } from 'hono';
import * as z from 'zod/mini';
import type { ControllerDeps } from '../../../shared/usecases/deps.ts';
import { listPlans } from '../../../shared/usecases/list-plans.ts';
import { answer, invalidFields, refuse } from './answers.ts';
import { readQuery } from './query.ts';

const query = z.strictObject({ application: z.optional(z.string().check(z.minLength(1))) });

/** `GET /api/infrastructure/scaling/plans`: how the plan of every application stands, or of one. */
export const getPlans =
  (deps: ControllerDeps): Handler =>
  async (c) => {
    const read = readQuery(query, c.req.queries());
    if (!read.ok) return refuse(c, invalidFields(read.problems));
    const { application: name } = read.value;
    const all = deps.policies.applications();
    const asked = name === undefined ? all : all.filter((each) => each.name === name);
    if (name !== undefined && asked.length === 0) {
      const known = all.map((each) => each.name);
      const message = `No application is named ${JSON.stringify(name)}; ${known.length === 0 ? 'none is declared' : `there are: ${known.join(', ')}`}.`;
      return refuse(c, { status: 404, code: 'unknown-application', message, details: { known } });
    }
    return answer(c, { plans: await listPlans(deps, asked) });
  };
