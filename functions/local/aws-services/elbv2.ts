import type * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import { AccountRefusal } from '../../../shared/simulation/account-refusal.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import type {
  TargetGroupView,
  TargetHealth,
  TargetState,
} from '../../../shared/simulation/traffic/simulated-target-groups.ts';
import type { HandlersOf } from '../aws-endpoint/service.ts';
import { pageOf } from './arguments.ts';

const MAX_GROUPS = 400;

/** Elastic Load Balancing as the simulated account plays it: targets of target groups come, drain and go. */
export function elbv2Handlers(plant: Plant): HandlersOf<typeof elbv2> {
  const { targetGroups } = plant.databases;
  return {
    DescribeTargetGroups: ({ TargetGroupArns, Names, Marker, PageSize }) => {
      const chosen = targetGroups
        .describe(TargetGroupArns)
        .filter(({ name }) => Names === undefined || Names.includes(name));
      if (Names !== undefined && chosen.length === 0) {
        throw new AccountRefusal('TargetGroupNotFoundException', 'One or more target groups not found');
      }
      const page = pageOf(chosen, Marker, Math.min(PageSize ?? MAX_GROUPS, MAX_GROUPS));
      if (page === null) throw invalid('Invalid marker');
      return { TargetGroups: page.items.map(describeGroup), NextMarker: page.next };
    },
    DescribeTargetHealth: ({ TargetGroupArn = '', Targets }) => {
      const known = targetGroups.health(TargetGroupArn, plant.now());
      if (Targets === undefined) return { TargetHealthDescriptions: known.map(describeHealth) };
      return {
        TargetHealthDescriptions: Targets.map((target) => {
          const found = known.find(({ id, port }) => id === target.Id && (target.Port ?? port) === port);
          return found === undefined ? unregistered(target) : describeHealth(found);
        }),
      };
    },
    RegisterTargets: ({ TargetGroupArn = '', Targets }) => {
      targetGroups.register(TargetGroupArn, targetsOf(Targets), plant.now());
      return {};
    },
    DeregisterTargets: ({ TargetGroupArn = '', Targets }) => {
      targetGroups.deregister(TargetGroupArn, targetsOf(Targets), plant.now());
      return {};
    },
    DescribeTargetGroupAttributes: ({ TargetGroupArn = '' }) => ({
      Attributes: attributesOf(targetGroups.describe([TargetGroupArn])),
    }),
    ModifyTargetGroupAttributes: ({ TargetGroupArn = '', Attributes = [] }) => {
      const changed = Object.fromEntries(Attributes.map(({ Key = '', Value = '' }) => [Key, Value]));
      targetGroups.setAttributes(TargetGroupArn, changed);
      return { Attributes: attributesOf(targetGroups.describe([TargetGroupArn])) };
    },
  };
}

function targetsOf(targets: readonly elbv2.TargetDescription[] = []) {
  if (targets.length === 0) throw invalid('At least one target must be given');
  return targets.map(({ Id, Port }) => ({ id: Id ?? '', port: Port }));
}

const describeGroup = ({ arn, name, port, attributes: _ }: TargetGroupView): elbv2.TargetGroup => ({
  TargetGroupArn: arn,
  TargetGroupName: name,
  Protocol: 'TCP',
  Port: port,
  VpcId: 'vpc-0123456789abcdef0',
  TargetType: 'ip',
  HealthCheckEnabled: true,
  HealthCheckProtocol: 'TCP',
});

const attributesOf = (groups: readonly TargetGroupView[]): elbv2.TargetGroupAttribute[] =>
  groups.flatMap(({ attributes }) => Object.entries(attributes).map(([Key, Value]) => ({ Key, Value })));

/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
const REASONS: Readonly<Record<Exclude<TargetState, 'healthy'>, elbv2.TargetHealthReasonEnum>> = {
  initial: 'Elb.RegistrationInProgress',
  unhealthy: 'Target.FailedHealthChecks',
  draining: 'Target.DeregistrationInProgress',
};

const describeHealth = ({ id, port, state }: TargetHealth): elbv2.TargetHealthDescription => ({
  Target: { Id: id, Port: port },
  HealthCheckPort: String(port),
  TargetHealth: { State: state, ...(state === 'healthy' ? {} : { Reason: REASONS[state] }) },
});

const unregistered = (Target: elbv2.TargetDescription): elbv2.TargetHealthDescription => ({
  Target,
  TargetHealth: { State: 'unused', Reason: 'Target.NotRegistered' },
});

const invalid = (message: string): Error => new AccountRefusal('ValidationError', message);
