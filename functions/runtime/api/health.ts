import type { Context, Handler } from 'hono';
import { type TargetId, targetId } from '../../../shared/core/target.ts';
import type { ControllerDeps } from '../../../shared/usecases/deps.ts';
import { answer, refuse } from './answers.ts';

/** Read when there is no policy: the answer is empty, but it is an answer. */
const NOBODY = 'ecs-service/-/-' as TargetId;

/** `GET /health`: 200 while the ledger answers, 503 while it does not, as load balancers and monitors expect. */
export const health =
  (
    { policies, ledger, clock }: ControllerDeps,
    version: string,
    onFault: (c: Context, error: unknown) => void,
  ): Handler =>
  async (c) => {
    const [first] = policies.all();
    const reachable = await ledger.load([first === undefined ? NOBODY : targetId(first.target)]).then(
      () => true,
      (error: unknown) => {
        onFault(c, error);
        return false;
      },
    );
    const report = {
      status: reachable ? 'ok' : 'degraded',
      version,
      time: new Date(clock.now()).toISOString(),
      targets: policies.all().length,
      ledger: reachable ? 'reachable' : 'unreachable',
    };
    if (reachable) return answer(c, report);
    const message = 'The ledger does not answer: nothing can be decided until it does.';
    return refuse(c, {
      status: 503,
      code: 'unavailable',
      message,
      details: report,
      headers: { 'Retry-After': '5' },
    });
  };
