import { apiEnvironment, readEnvironment } from '../../shared/config/function-env.ts';
import { createApi } from '../runtime/api/app.ts';
import { controllerDeps, eventLog, ledgerTable } from '../runtime/aws-deps.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { lazyCache, lazyFailover } from '../runtime/lazy.ts';
import { setBeside } from '../runtime/policies-beside.ts';
import { callerOf, requestIdOf } from './caller.ts';

/** The parts of this function: the only place that reads its environment. */
export function compose() {
  const env = readEnvironment(apiEnvironment, process.env);
  const runtime = functionRuntime('api', env);
  const table = ledgerTable(env.TABLE_NAME);
import { lazyCache, lazyFailover } from '../runtime/lazy.ts';
import { setBeside } from '../runtime/policies-beside.ts';
    version: env.PLIMSOLL_VERSION,
    ownerOf: callerOf,
    requestIdOf,
    log: runtime.log,
  });
  return { runtime, app };
}
