import { alarmEnvironment, readEnvironment } from '../../shared/config/function-env.ts';
import { controllerDeps, ledgerTable } from '../runtime/aws-deps.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { policiesBeside } from '../runtime/policies-beside.ts';

/** The parts of this function: the only place that reads its environment. */
export function compose() {
  const env = readEnvironment(alarmEnvironment, process.env);
  const runtime = functionRuntime('alarm', env);
  const deps = controllerDeps(ledgerTable(env.TABLE_NAME), policiesBeside(), runtime.telemetry, env);
  return { runtime, deps };
}
