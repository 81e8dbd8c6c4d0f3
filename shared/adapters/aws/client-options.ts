import type { ECSClientConfig } from '@aws-sdk/client-ecs';

/** Where a client talks to, when the SDK is not to find that in the environment. */
export interface ClientPlace {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Carries requests instead of the network: a simulated account in this process. */
  readonly transport?: ClientTransport;
}

/** A way for requests that is not the network, and how often it is tried: a simulated account needs no pause between tries. */
export type ClientTransport = Required<Pick<ECSClientConfig, 'requestHandler' | 'retryStrategy'>>;

/** What every AWS client of the controller is made with. */
export interface ClientOptions
  extends Omit<ClientPlace, 'transport'>,
    Required<Pick<ECSClientConfig, 'requestHandler'>>,
    Pick<ECSClientConfig, 'retryStrategy'> {
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
}

/**
 * Options for an AWS client: `new ECSClient(clientOptions())`.
 *
 * Without a place, region, credentials and `AWS_ENDPOINT_URL` are left to the SDK, which reads them from the environment.
 * The standard retry mode backs off exponentially with full jitter and stops early when its token bucket is
 * empty, so a throttled account is not pressed harder; a call that still fails is asked again by the next sweep.
 * Without `throwOnRequestTimeout` the SDK only logs a warning when `requestTimeout` has passed, and a hung
 * connection would use up the whole time of a function.
 */
export const clientOptions = ({ transport, ...place }: ClientPlace = {}): ClientOptions => ({
  ...place,
  maxAttempts: 4,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
  ...transport,
});
