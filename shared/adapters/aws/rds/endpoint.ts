import type { TrafficEndpoint } from '../../../core/target.ts';
import type { Traffic, UnitAddress } from '../../../ports/traffic.ts';
import type { Look } from './look.ts';
import { addressesOf } from './replica.ts';

/** What has to be done so that exactly the ready replicas are in the endpoint. */
export interface Upkeep {
  readonly endpoint: TrafficEndpoint;
  readonly admit: readonly UnitAddress[];
  readonly drain: readonly UnitAddress[];
  readonly forget: readonly UnitAddress[];
}

/** Compares an endpoint with who is ready; null = there is none, or it fits. */
export function upkeepOf({ target, replicas, members }: Look): Upkeep | null {
  if (target.endpoint === null || members === null) return null;
  const inTraffic = new Set(members.filter(({ state }) => state === 'in-traffic').map(({ unit }) => unit));
  const kept = replicas.filter(({ phase }) => phase !== 'deleting');
  const hosts = new Map(addressesOf(replicas).map((address) => [address.unit, address.host]));
  const there = new Set(kept.map(({ id }) => id));
  const upkeep = {
    endpoint: target.endpoint,
    admit: addressesOf(kept.filter(({ id, ready }) => ready && !inTraffic.has(id))),
    drain: addressesOf(kept.filter(({ id, ready }) => !ready && inTraffic.has(id))),
    forget: members
      .filter(({ unit }) => !there.has(unit))
      .map(({ unit }) => ({ unit, host: hosts.get(unit) ?? '' })),
  };
  const { admit, drain, forget } = upkeep;
  return admit.length + drain.length + forget.length === 0 ? null : upkeep;
}

/** Brings an endpoint into line: what must not have traffic goes out before anything else comes in. */
export async function keepUp(traffic: Traffic, upkeep: Upkeep | null): Promise<void> {
  if (upkeep === null) return;
  const { endpoint, admit, drain, forget } = upkeep;
  if (drain.length > 0) await traffic.drain(endpoint, drain);
  if (forget.length > 0) await traffic.forget(endpoint, forget);
  if (admit.length > 0) await traffic.admit(endpoint, admit);
}

/** A sentence for people; null where there is nothing to do. */
export function inWords(upkeep: Upkeep | null): string | null {
  if (upkeep === null) return null;
  const { endpoint, admit, drain, forget } = upkeep;
  const name = endpoint.kind === 'route53' ? endpoint.recordName : endpoint.arn;
  const parts = [
    ['does not have', admit, 'which is ready'],
    ['still has', drain, 'which is not ready'],
    ['still has', forget, 'which is gone'],
  ] as const;
  const said = parts
    .filter(([, units]) => units.length > 0)
    .map(([verb, units, why]) => `${verb} ${units.map(({ unit }) => unit).join(', ')}, ${why}`);
  return `the endpoint ${name} ${said.join(', and ')}`;
}
