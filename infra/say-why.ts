import { ControllerError } from '../shared/core/controller-error.ts';

/** Ends a command: bad input by its message alone, a fault of ours with its stack. */
export function sayWhy(error: unknown): never {
  console.error(error instanceof ControllerError ? error.message : error);
  process.exit(1);
}
