import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ControllerError } from '../../../core/controller-error.ts';
import type { TrafficEndpoint } from '../../../core/target.ts';
import type { UnitAddress } from '../../../ports/traffic.ts';
import { translateSdkError } from '../sdk-errors.ts';
import type { Resolve } from './resolve.ts';
import type { TrafficOf } from './traffic.ts';

type Group = Extract<TrafficEndpoint, { kind: 'target-group' }>;

/**
 * Units as IP targets of a target group. A target is known by its address alone, so only those of the units named in a call are
 * told apart; others belong to somebody else. What is deregistered drains for the group's deregistration delay and is then gone.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
 */
export function targetGroupTraffic(
  client: ElasticLoadBalancingV2Client,
  resolve: Resolve,
): TrafficOf<'target-group'> {
  const deregister = async (group: Group, units: readonly UnitAddress[]): Promise<void> => {
    const Targets = targetsOf(group, [...(await addressesOf(resolve, units)).keys()]);
    if (Targets.length === 0) return;
    await client
      .send(new DeregisterTargetsCommand({ TargetGroupArn: group.arn, Targets }))
      .catch((error: unknown) => {
        // A target that is not registered is out of traffic.
        if (isInvalidTarget(error)) return;
        throw translateSdkError(error, `deregister ${Targets.length} targets of ${group.arn}`);
      });
  };
  return {
    async members(group, addresses) {
      const units = await addressesOf(resolve, addresses);
      return (await healthOf(client, group)).flatMap(({ Target, TargetHealth }) => {
        const unit = Target?.Port === group.port ? units.get(Target.Id ?? '') : undefined;
        const isDraining = TargetHealth?.State?.endsWith('draining') === true;
        return unit === undefined ? [] : [{ unit, state: isDraining ? 'draining' : 'in-traffic' }];
      });
    },
    async admit(group, units) {
      const known = await addressesOf(resolve, units);
      if (known.size < units.length) throw unresolved(units, known);
      const Targets = targetsOf(group, [...known.keys()]);
      await client
        .send(new RegisterTargetsCommand({ TargetGroupArn: group.arn, Targets }))
        .catch((error: unknown) => {
          throw translateSdkError(error, `register ${Targets.length} targets of ${group.arn}`);
        });
    },
    drain: deregister,
    forget: deregister,
  };
}

const isInvalidTarget = (error: unknown): boolean =>
  error instanceof Error && /^InvalidTarget(Exception)?$/.test(error.name);

const targetsOf = ({ port: Port }: Group, ips: readonly string[]) => ips.map((Id) => ({ Id, Port }));

const healthOf = async (
  client: ElasticLoadBalancingV2Client,
  { arn }: Group,
): Promise<readonly TargetHealthDescription[]> => {
  const answer = await client
    .send(new DescribeTargetHealthCommand({ TargetGroupArn: arn }))
    .catch((error: unknown) => {
      throw translateSdkError(error, `describe the targets of ${arn}`);
    });
  return answer.TargetHealthDescriptions ?? [];
};

/** Units by address. What has no address now is left out. */
async function addressesOf(
  resolve: Resolve,
  units: readonly UnitAddress[],
): Promise<ReadonlyMap<string, string>> {
  const known = await Promise.all(
    units
      .filter(({ host }) => host !== '')
      .map(async ({ unit, host }) => {
        const ip = await resolve(host).catch((error: unknown) => {
          throw translateSdkError(error, `find the address of ${host}`);
        });
        return ip === null ? [] : [[ip, unit] as const];
      }),
  );
  return new Map(known.flat());
}

function unresolved(units: readonly UnitAddress[], known: ReadonlyMap<string, string>): ControllerError {
  const found = new Set(known.values());
  const hosts = units.filter(({ unit }) => !found.has(unit)).map(({ host }) => host);
  return new ControllerError('unavailable', `could not find the address of ${hosts.join(', ')}`, {
    retryable: true,
  });
}
