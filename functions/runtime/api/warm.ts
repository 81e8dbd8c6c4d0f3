import type { Context, Handler } from 'hono';
import { toWire } from '../../../events/contracts/controller-events.ts';
import { warmQuery, warmRequest } from '../../../events/contracts/warm-request.ts';
import type { LedgerEntry } from '../../../shared/core/ledger-entry.ts';
import type { WarmPlan } from '../../../shared/core/warm-plan.ts';
import { type WarmReport, type WarmRun, warmId, warmOf } from '../../../shared/core/warm-state.ts';
import type { ControllerDeps } from '../../../shared/usecases/deps.ts';
import { requestWarm } from '../../../shared/usecases/request-warm.ts';
import { quoted } from '../fields.ts';
import { answer, invalidFields, type Refusal, refuse } from './answers.ts';
import { readBody } from './json-body.ts';
import { readQuery } from './query.ts';

const EXAMPLE = '{"plan":"popular-templates","reason":"prices were imported"}';

/** Plans that a refusal lists at most. */
const LISTED = 20;

/** What may be asked for. */
interface Warmable {
  readonly plans: readonly WarmPlan[];
  /** Why a plan cannot be run here, in a sentence; null = it can. Absent = all can. */
  readonly whyNot: ((plan: WarmPlan) => string | null) | undefined;
}

/** `POST /api/infrastructure/cache/warm`: asks for a run; the event that says so starts it. */
export const postWarm =
  (deps: ControllerDeps, { plans, whyNot }: Warmable, ownerOf: (c: Context) => string): Handler =>
  async (c) => {
    const read = await readBody(c, warmRequest, EXAMPLE);
    if (!read.ok) return refuse(c, read.refusal);
    const { plan } = read.value;
    const found = plans.find(({ name }) => name === plan);
    const why = found === undefined ? null : (whyNot?.(found) ?? null);
    if (why !== null) return refuse(c, { status: 409, code: 'cannot-warm', message: why });
    const outcome = await requestWarm(deps, plans, { ...read.value, owner: ownerOf(c) });
    if (outcome.kind === 'unknown-plan') return refuse(c, unknownPlan(plan, outcome.known));
    const effect = outcome.isRunning
      ? `${plan} runs already: the run that is under way is the one.`
      : `${plan} begins as soon as the event has reached its function, usually within seconds.`;
    return answer(c, { event: toWire(outcome.event), effect }, 202);
  };

/** `GET /api/infrastructure/cache/warm`: what each plan does now, and what its last run came to. */
export const getWarm =
  (deps: ControllerDeps, plans: readonly WarmPlan[]): Handler =>
  async (c) => {
    const read = readQuery(warmQuery, c.req.queries());
    if (!read.ok) return refuse(c, invalidFields(read.problems));
    const { plan } = read.value;
    const asked = plan === undefined ? plans : plans.filter(({ name }) => name === plan);
    if (plan !== undefined && asked.length === 0) {
      return refuse(
        c,
        unknownPlan(
          plan,
          plans.map(({ name }) => name),
        ),
      );
    }
    const heads = await deps.ledger.load(asked.map(({ name }) => warmId(name)));
    return answer(c, { plans: asked.map(({ name }) => planOnWire(name, heads.get(warmId(name)))) });
  };

function planOnWire(plan: string, entry: LedgerEntry | undefined) {
  const warm = entry === undefined ? null : warmOf(entry.state);
  const warmedAt = entry?.state.warmedAt;
  return {
    plan,
    warmedAt: warmedAt === undefined ? null : time(warmedAt),
    run: warm?.run ? runOnWire(warm.run) : null,
    last: warm?.last ? reportOnWire(warm.last) : null,
  };
}

const runOnWire = ({ id, reason, startedAt, leaseUntil, items }: WarmRun) => ({
  ...{ id, reason, items },
  startedAt: time(startedAt),
  leaseUntil: time(leaseUntil),
});

const reportOnWire = ({ startedAt, endedAt, ...report }: WarmReport) => ({
  ...report,
  startedAt: time(startedAt),
  endedAt: time(endedAt),
  seconds: (endedAt - startedAt) / 1000,
});

const time = (at: number): string => new Date(at).toISOString();

function unknownPlan(name: string, known: readonly string[]): Refusal {
  const listed = known.slice(0, LISTED);
  const advice = known.length === 0 ? 'there are no warm plans' : `use one of ${listed.join(', ')}`;
  return {
    status: 404,
    code: 'unknown-plan',
    message: `There is no warm plan ${quoted(name)}: ${advice}.`,
    details: { known: listed, total: known.length },
  };
}
