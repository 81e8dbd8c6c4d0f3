import { readEnvironment, warmEnvironment } from '../../shared/config/function-env.ts';
import { ledger, ledgerTable } from '../runtime/aws-deps.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { setBeside } from '../runtime/policies-beside.ts';
import { lazyWarmUnits, warmParts } from '../runtime/warm-parts.ts';

/** The parts of this function: the only place that reads its environment. */
export function compose() {
  const env = readEnvironment(warmEnvironment, process.env);
  const runtime = functionRuntime('warm', env);
  const warm = warmParts(ledger(ledgerTable(env.TABLE_NAME)), runtime.telemetry);
  return { runtime, deps: { set: setBeside(), warm, units: lazyWarmUnits() } };
}
