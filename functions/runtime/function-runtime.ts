import type { FunctionName } from '../../shared/config/function-env.ts';
import { instant } from '../../shared/core/time.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Telemetry } from '../../shared/ports/telemetry.ts';
import type { FunctionRuntime } from './lambda-handler.ts';
import { type LogLevel, structuredLog } from './log.ts';
import { embeddedMetrics } from './metrics.ts';
import { loggedTelemetry } from './telemetry.ts';

/** The machine's clock. */
export const SYSTEM_CLOCK: Clock = { now: () => instant(Date.now()) };

/** What the environment says of telemetry. */
interface TelemetryEnvironment {
  readonly METRICS_NAMESPACE: string;
  readonly LOG_LEVEL?: LogLevel | undefined;
}

/** Log, metrics and telemetry of a function. */
export function functionRuntime(
  name: FunctionName,
  { METRICS_NAMESPACE, LOG_LEVEL }: TelemetryEnvironment,
): FunctionRuntime & { readonly telemetry: Telemetry } {
  const log = structuredLog(name, LOG_LEVEL);
  // Past the console: Lambda would put a time and a request id before the line, and the line must be JSON alone.
  const metrics = embeddedMetrics(METRICS_NAMESPACE, SYSTEM_CLOCK, (line) =>
    process.stdout.write(`${line}\n`),
  );
  return { log, metrics, telemetry: loggedTelemetry(log, metrics) };
}
