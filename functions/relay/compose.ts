import { readEnvironment, relayEnvironment } from '../../shared/config/function-env.ts';
import { ledger, ledgerTable, relayDeps } from '../runtime/aws-deps.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';

/** The parts of this function: the only place that reads its environment. */
export function compose() {
  const env = readEnvironment(relayEnvironment, process.env);
  const table = ledgerTable(env.TABLE_NAME);
  return {
    runtime: functionRuntime('relay', env),
    deps: { ...relayDeps(table, env), ledger: ledger(table) },
  };
}
