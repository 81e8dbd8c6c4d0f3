import type { TrafficEndpoint } from '../../shared/core/target.ts';
import { type Arns, distinct, written } from '../named-arn.ts';
import type { Right } from './right.ts';

type Records = Extract<TrafficEndpoint, { kind: 'route53' }>;

/** What keeping endpoints takes: the CNAME records of exactly one name in a zone, the targets of exactly the named groups. */
export function trafficRights(endpoints: readonly TrafficEndpoint[], { global }: Arns): readonly Right[] {
  const records = endpoints.filter((endpoint) => endpoint.kind === 'route53');
  const groups = endpoints.flatMap((endpoint) => (endpoint.kind === 'target-group' ? [endpoint.arn] : []));
  const zoneOf = ({ hostedZoneId }: Records) => global('route53', `hostedzone/${hostedZoneId}`);
  const zones = distinct(records.map(zoneOf));
  const listing: Right = { actions: ['route53:ListResourceRecordSets'], resources: zones };
  return [
    ...(zones.length === 0 ? [] : [listing]),
    ...zones.map((zone) =>
      changing(
        zone,
        records.filter((one) => zoneOf(one).text === zone.text),
      ),
    ),
    ...(groups.length === 0 ? [] : ofTargetGroups(groups)),
  ];
}

/**
 * Names are normalized: lower case, no dot at the end, other characters than a-z, 0-9, "-", "_" and "." as octal escapes.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
 */
const changing = (zone: ReturnType<Arns['global']>, records: readonly Records[]): Right => ({
  actions: ['route53:ChangeResourceRecordSets'],
  resources: [zone],
  conditions: {
    'ForAllValues:StringEquals': {
      'route53:ChangeResourceRecordSetsNormalizedRecordNames': [
        ...new Set(records.map(({ recordName }) => recordName.toLowerCase().replaceAll('*', '\\052'))),
      ].sort(),
      'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME'],
      'route53:ChangeResourceRecordSetsActions': ['DELETE', 'UPSERT'],
    },
  },
});

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html */
const ofTargetGroups = (groups: readonly string[]): readonly Right[] => [
  {
    actions: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
    resources: distinct(groups.map(written)),
  },
  {
    actions: ['elasticloadbalancing:DescribeTargetHealth'],
    resources: [written('*')],
    why: 'elasticloadbalancing:DescribeTargetHealth supports no resource-level permissions.',
  },
];
