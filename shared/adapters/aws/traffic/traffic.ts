import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { Route53Client } from '@aws-sdk/client-route-53';
import type { TrafficEndpoint } from '../../../core/target.ts';
import type { Traffic } from '../../../ports/traffic.ts';
import type { ClientOptions } from '../client-options.ts';
import { type Resolve, resolveByDns } from './resolve.ts';
import { route53Traffic } from './route53-traffic.ts';
import { targetGroupTraffic } from './target-group-traffic.ts';

type EndpointKind = TrafficEndpoint['kind'];

/** Traffic of one kind of endpoint. */
export type TrafficOf<K extends EndpointKind> = {
  readonly [Verb in keyof Traffic]: (
    endpoint: Extract<TrafficEndpoint, { kind: K }>,
    units: Parameters<Traffic[Verb]>[1],
  ) => ReturnType<Traffic[Verb]>;
};

/** Every kind of endpoint through clients of their own, each made when an endpoint of its kind is first met. */
export function connectTraffic(options: ClientOptions, resolve: Resolve = resolveByDns): Traffic {
  let records: TrafficOf<'route53'> | undefined;
  let groups: TrafficOf<'target-group'> | undefined;
  return trafficBy(
    () => {
      records ??= route53Traffic(new Route53Client(options));
      return records;
    },
    () => {
      groups ??= targetGroupTraffic(new ElasticLoadBalancingV2Client(options), resolve);
      return groups;
    },
  );
}

function trafficBy(records: () => TrafficOf<'route53'>, groups: () => TrafficOf<'target-group'>): Traffic {
  const by =
    <V extends keyof Traffic>(verb: V) =>
    (endpoint: TrafficEndpoint, units: Parameters<Traffic[V]>[1]) =>
      endpoint.kind === 'route53' ? records()[verb](endpoint, units) : groups()[verb](endpoint, units);
  return { members: by('members'), admit: by('admit'), drain: by('drain'), forget: by('forget') };
}
