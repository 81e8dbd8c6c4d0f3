import type { Telemetry } from '../../ports/telemetry.ts';

/** Telemetry that tells nobody. */
export const SILENT_TELEMETRY: Telemetry = {
  decided() {},
  settled() {},
  ledgerConflict() {},
  swept() {},
  problem() {},
};
