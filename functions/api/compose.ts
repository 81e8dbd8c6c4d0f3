import { apiEnvironment, readEnvironment } from '../../shared/config/function-env.ts';
import { createApi } from '../runtime/api/app.ts';
import { controllerDeps, eventLog, ledgerTable } from '../runtime/aws-deps.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { lazyCache, lazyFailover } from '../runtime/lazy.ts';
import { policiesBeside } from '../runtime/policies-beside.ts';
import { warmPlansBeside } from '../runtime/warm-plans-beside.ts';
import { callerOf, requestIdOf } from './caller.ts';

/** The parts of this function: the only place that reads its environment. */
export function compose() {
  const env = readEnvironment(apiEnvironment, process.env);
  const runtime = functionRuntime('api', env);
  const table = ledgerTable(env.TABLE_NAME);
  const controller = controllerDeps(table, policiesBeside(), runtime.telemetry, env);
  const { CACHE_URL: url } = env;
  const connect = async (at: string) =>
    (await import('../runtime/cache-server.ts')).connectCacheServer(at, table.documents);
  const app = createApi({
    controller,
    cache: lazyCache({
      ...controller,
      ...(url === undefined ? {} : { connect: () => connect(url) }),
      onFault: (error) => runtime.log.warn('cache fault', { error }),
    }),
    events: eventLog(table, env.EVENT_RETENTION_DAYS),
    failover: lazyFailover(),
    warmPlans: warmPlansBeside(),
    version: env.PLIMSOLL_VERSION,
    ownerOf: callerOf,
    requestIdOf,
    log: runtime.log,
  });
  return { runtime, app };
}
