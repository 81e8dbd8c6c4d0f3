import { readEnvironment, sweepEnvironment } from '../../shared/config/function-env.ts';
import { controllerDeps, ledgerTable, relayDeps } from '../runtime/aws-deps.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { policiesBeside } from '../runtime/policies-beside.ts';

/** The parts of this function: the only place that reads its environment. */
export function compose() {
  const env = readEnvironment(sweepEnvironment, process.env);
  const runtime = functionRuntime('sweep', env);
  const table = ledgerTable(env.TABLE_NAME);
  const deps = {
    ...controllerDeps(table, policiesBeside(), runtime.telemetry, env),
    ...relayDeps(table, env),
  };
  return { runtime, deps };
}
