import type { TrafficEndpoint } from '../core/target.ts';

/** A unit as an endpoint knows it. */
export interface EndpointMember {
  /** The unit's id: the set identifier of a record, or the id of an IP target. */
  readonly unit: string;
  /** `draining`: it gets nothing new. */
  readonly state: 'in-traffic' | 'draining';
}

/** Where a unit can be reached. */
export interface UnitAddress {
  readonly unit: string;
  /** DNS name. */
  readonly host: string;
}

/** Hands traffic to units and takes it away. Every call is safe to repeat. */
export interface Traffic {
  /**
   * Who is in an endpoint. `addresses`: the units that are known, so that IP targets can be told apart.
   * @throws ControllerError as {@link CapacityTarget}.
   */
  members(endpoint: TrafficEndpoint, addresses: readonly UnitAddress[]): Promise<readonly EndpointMember[]>;
  /** Lets units have traffic. */
  admit(endpoint: TrafficEndpoint, units: readonly UnitAddress[]): Promise<void>;
  /** Takes units out of traffic: what is connected stays until it leaves. */
  drain(endpoint: TrafficEndpoint, units: readonly UnitAddress[]): Promise<void>;
  /** Forgets units that are gone. */
  forget(endpoint: TrafficEndpoint, units: readonly UnitAddress[]): Promise<void>;
}
