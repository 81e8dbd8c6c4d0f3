import { ControllerError, type ControllerErrorCode } from '../../core/controller-error.ts';

const DENIED = /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH)/;
const PASSING =
  /^(LOADING|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|READONLY|BUSY|MOVED|ASK|MISCONF|NOREPLICAS|ERR max number of clients)/;

/**
 * Names a fault of the client for the caller. The client's error carries the arguments of its command, which may be values or
 * a password: so neither it nor the arguments that a server repeats are passed on.
 */
export function translateRedisError(error: unknown, what: string): ControllerError {
  if (error instanceof ControllerError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const code = codeOf(name, message);
  const [said = ''] = message.split(/,? with args beginning/);
  const detail = said === '' ? name : said;
  return new ControllerError(code, `could not ${what}: ${detail}`, { retryable: code === 'unavailable' });
}

function codeOf(name: string, message: string): ControllerErrorCode {
  if (DENIED.test(message)) return 'denied';
  // Everything that is not an answer is a matter of the way to the server.
  return name === 'ReplyError' && !PASSING.test(message) ? 'rejected' : 'unavailable';
}
