import { readEnvironment, warmEnvironment } from '../../shared/config/function-env.ts';
import { ledger, ledgerTable } from '../runtime/aws-deps.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { policiesBeside } from '../runtime/policies-beside.ts';
import { lazyWarmUnits, warmParts } from '../runtime/warm-parts.ts';
import { warmPlansBeside } from '../runtime/warm-plans-beside.ts';

/** The parts of this function: the only place that reads its environment. */
export function compose() {
  const env = readEnvironment(warmEnvironment, process.env);
  const runtime = functionRuntime('warm', env);
  const warm = warmParts(ledger(ledgerTable(env.TABLE_NAME)), runtime.telemetry);
  const set = { policies: policiesBeside(), warmPlans: warmPlansBeside() };
  return { runtime, deps: { set, warm, units: lazyWarmUnits() } };
}
