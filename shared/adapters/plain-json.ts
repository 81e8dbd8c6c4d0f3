import { ControllerError } from '../core/controller-error.ts';

/**
 * Text of a plain JSON value, the form in which stores keep states and events: read back, it is the same to the byte,
 * key order and lone surrogates included, which a map of attributes would not be.
 * @throws ControllerError `invalid` for a number that JSON would silently turn into null.
 */
export function plainJson(value: unknown, what: string): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (typeof inner === 'number' && !Number.isFinite(inner))
      throw new ControllerError(
        'invalid',
        `${what}: "${key}" is ${inner}; write a finite number, or null where there is none.`,
        { retryable: false },
      );
    return inner;
  });
}
