import { ControllerError } from '../../shared/core/controller-error.ts';

/**
 * Looks whether the options name a part of the trace. All in seconds; `from` null = where the replay is worth watching.
 * @throws ControllerError `invalid` that names the options and what would do.
 */
export function checkWindow(length: number, from: number | null, seconds: number): void {
  const begin = from ?? 0;
  if (begin + seconds <= length) return;
  const end = `the trace ends at ${hours(length)}`;
  if (seconds > length)
    throw refusal(`--for ${hours(seconds)}: ${end} (write --for ${hours(length)} or less)`);
  const latest = `--from ${hours(length - seconds)}`;
  if (begin >= length)
    throw refusal(`--from ${hours(begin)}: ${end} (for ${hours(seconds)} of it write ${latest} or less)`);
  throw refusal(
    `--from ${hours(begin)} --for ${hours(seconds)}: ${end} (write --for ${hours(length - begin)}, or ${latest})`,
  );
}

// Rounded down, so that what is advised fits.
const hours = (seconds: number): string => `${Math.floor(seconds / 36) / 100}h`;

const refusal = (message: string): ControllerError =>
  new ControllerError('invalid', message, { retryable: false });
