import { ControllerError } from '../core/controller-error.ts';
import type { TargetId } from '../core/target.ts';
import type { Telemetry } from '../ports/telemetry.ts';

const ATTEMPTS = 3;

/**
 * Runs a read-decide-commit again when another writer was first: what was read then is out of date, so everything is
 * read and decided anew. After the last attempt the conflict goes to the caller, whose queue or tick brings it back.
 */
export async function onConflict<T>(
  deps: { readonly telemetry: Telemetry },
  target: TargetId,
  attempt: () => Promise<T>,
  attempts = ATTEMPTS,
): Promise<T> {
  for (let left = attempts - 1; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ControllerError && error.code === 'conflict')) throw error;
      deps.telemetry.ledgerConflict(target);
      if (left === 0) throw error;
    }
  }
}
