/** What every AWS client of the controller is made with. */
export interface ClientOptions {
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

/**
 * Options for an AWS client: `new ECSClient(clientOptions())`.
 *
 * Region, credentials and `AWS_ENDPOINT_URL` are left to the SDK, which reads them from the environment.
 * The standard retry mode backs off exponentially with full jitter and stops early when its token bucket is
 * empty, so a throttled account is not pressed harder; a call that still fails is asked again by the next sweep.
 * Without `throwOnRequestTimeout` the SDK only logs a warning when `requestTimeout` has passed, and a hung
 * connection would use up the whole time of a function.
 */
export const clientOptions = (): ClientOptions => ({
  maxAttempts: 4,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
});
