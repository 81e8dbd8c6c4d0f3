/** What went wrong, in the words of the caller. */
export type ControllerErrorCode =
  /** Somebody else committed first: read again and decide again. */
  | 'conflict'
  /** The service asked us to slow down, after the client's own retries. */
  | 'throttled'
  /** A passing fault of the service or the network. */
  | 'unavailable'
  /** The resource does not exist or is no longer active. */
  | 'target-missing'
  /** The service refused the request, and will refuse it again. */
  | 'rejected'
  /** Our own permissions do not cover the call. */
  | 'denied'
  /** A document, event or request that does not fit its schema. */
  | 'invalid';

/** A broken world, named for the caller. Expected outcomes are values, never errors. */
export class ControllerError extends Error {
  readonly code: ControllerErrorCode;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(code: ControllerErrorCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'ControllerError';
    this.code = code;
    this.retryable = options.retryable;
  }
}
