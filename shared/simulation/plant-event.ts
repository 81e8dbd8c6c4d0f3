/** An event in the envelope of EventBridge, as the simulated account emits it. */
export interface PlantEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601, whole seconds, UTC. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Whose account it is: what stands in ARNs and envelopes. */
export interface AccountIdentity {
  readonly account: string;
  readonly region: string;
}

/** Amazon Resource Names in the simulated account. */
export const arnOf = ({ account, region }: AccountIdentity, service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
