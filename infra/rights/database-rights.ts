import { createdPattern } from '../../shared/core/created-units.ts';
import {
  type AuroraReadersTarget,
  type RdsInstanceClassTarget,
  type RdsReplicasTarget,
  RESOURCE_TAGS,
} from '../../shared/core/target.ts';
import { type Arns, distinct, written } from '../named-arn.ts';
import {
  BECOMES_OURS,
  encryptByRds,
  IS_OURS,
  onlyTags,
  passRoles,
  type Right,
  readMetrics,
} from './right.ts';

type DatabaseTarget = RdsReplicasTarget | AuroraReadersTarget | RdsInstanceClassTarget;
type GrowingTarget = RdsReplicasTarget | AuroraReadersTarget;

/** The role that the console of RDS makes for enhanced monitoring. */
const MONITORING_ROLE = 'rds-monitoring-role';

/** What an instance refers to, each of which RDS asks about when one is created or modified. */
const GROUPS = ['og:*', 'pg:*', 'secgrp:*', 'subgrp:*'] as const;
const WHY_GROUPS =
  'RDS authorizes the option, parameter, security and subnet groups that an instance refers to; they are those of its source, whose names are not known at synthesis, and are not changed.';

/**
 * What looking at databases and resizing them takes.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
export function databaseRights(targets: readonly DatabaseTarget[], arns: Arns): readonly Right[] {
  if (targets.length === 0) return [];
  const classes = targets.filter((target) => target.kind === 'rds-instance-class');
  const growing = targets.filter((target) => target.kind !== 'rds-instance-class');
  return [
    looking(growing, arns),
    ...(classes.length === 0 ? [] : changingClasses(classes, arns)),
    ...(growing.length === 0
      ? []
      : [...creating(growing, arns), ...leaving(arns), readMetrics(written('*'))]),
  ];
}

function looking(growing: readonly GrowingTarget[], { here }: Arns): Right {
  const hasClusters = growing.some(({ kind }) => kind === 'aurora-readers');
  return {
    actions: ['rds:DescribeDBInstances', ...(hasClusters ? ['rds:DescribeDBClusters'] : [])],
    resources: [here('rds', 'db:*'), ...(hasClusters ? [here('rds', 'cluster:*')] : [])],
    why: 'A listing is authorized on all instances and clusters of the region, whatever it is filtered by. Looking changes nothing.',
  };
}

const changingClasses = (targets: readonly RdsInstanceClassTarget[], { here }: Arns): readonly Right[] => [
  {
    actions: ['rds:ModifyDBInstance'],
    resources: distinct([
      ...targets.map(({ instance }) => here('rds', `db:${instance}`)),
      ...GROUPS.filter((group) => group !== 'subgrp:*').map((group) => here('rds', group)),
    ]),
    why: WHY_GROUPS,
  },
  {
    actions: ['rds:DescribeOrderableDBInstanceOptions'],
    resources: [written('*')],
    why: 'rds:DescribeOrderableDBInstanceOptions supports no resource-level permissions.',
  },
];

/** New instances: only under our names, for the sources and clusters that policies name, and only with our tag. */
function creating(targets: readonly GrowingTarget[], arns: Arns): readonly Right[] {
  const { here } = arns;
  const sources = targets.filter((target) => target.kind === 'rds-replicas');
  const clusters = targets.filter((target) => target.kind === 'aurora-readers');
  const groups = GROUPS.map((group) => here('rds', group));
  const madeFor = (parents: readonly string[]) =>
    parents.map((parent) => here('rds', `db:${createdPattern(parent)}`));
  const ofSources = sources.map(({ source }) => source);
  const ofClusters = clusters.map(({ cluster }) => cluster);
  const create = (action: string, parents: readonly string[], kind: 'db' | 'cluster'): readonly Right[] =>
    parents.length === 0
      ? []
      : [
          {
            actions: [action],
            resources: distinct([
              ...parents.map((parent) => here('rds', `${kind}:${parent}`)),
              ...madeFor(parents),
              ...groups,
            ]),
            conditions: { StringEquals: BECOMES_OURS },
            why: `New instances are named after their source or cluster and the resize. ${WHY_GROUPS}`,
          },
        ];
  const { managed, policy, resize } = RESOURCE_TAGS;
  return [
    ...create('rds:CreateDBInstanceReadReplica', ofSources, 'db'),
    ...create('rds:CreateDBInstance', ofClusters, 'cluster'),
    {
      actions: ['rds:AddTagsToResource'],
      resources: distinct(madeFor([...ofSources, ...ofClusters])),
      conditions: {
        StringEquals: BECOMES_OURS,
        'ForAllValues:StringEquals': { 'aws:TagKeys': [managed, policy, resize] },
      },
      why: 'New instances are named after their source or cluster and the resize.',
    },
    encryptByRds(here('kms', 'key/*')),
    ...passRoles(monitoringRoles(sources, arns), 'monitoring.rds.amazonaws.com'),
  ];
}

const monitoringRoles = (sources: readonly RdsReplicasTarget[], { role }: Arns) =>
  distinct(
    sources.flatMap(({ passRoles: roles }) =>
      roles === undefined ? [role(MONITORING_ROLE)] : roles.map(written),
    ),
  );

const WHY_TAGGED = 'Units come and go, so the tags that they carry stand for their names.';

/** How units go: marked, spared, and deleted only with our tag and without that of what is protected. */
function leaving({ here }: Arns): readonly Right[] {
  const resources = [here('rds', 'db:*')];
  return [
    {
      actions: ['rds:DeleteDBInstance'],
      resources,
      conditions: {
        StringEquals: IS_OURS,
        StringNotEquals: { [`aws:ResourceTag/${RESOURCE_TAGS.protected}`]: 'true' },
      },
      why: WHY_TAGGED,
    },
    {
      actions: ['rds:AddTagsToResource'],
      resources,
      conditions: { StringEquals: IS_OURS, ...onlyTags(RESOURCE_TAGS.leaving) },
      why: WHY_TAGGED,
    },
    {
      // One that somebody took over, or a failover made the writer, may have lost our tag.
      actions: ['rds:RemoveTagsFromResource'],
      resources,
      conditions: onlyTags(RESOURCE_TAGS.leaving),
      why: 'Only the mark of leaving can be taken off.',
    },
  ];
}

/** What promoting takes: a failover of the named clusters, and a replica made a source of its own, protected first. */
export function promotionRights(targets: readonly DatabaseTarget[], { here }: Arns): readonly Right[] {
  const clusters = targets.flatMap((target) => (target.kind === 'aurora-readers' ? [target.cluster] : []));
  const hasReplicas = targets.some(({ kind }) => kind === 'rds-replicas');
  const failOver: Right = {
    actions: ['rds:FailoverDBCluster'],
    resources: distinct(clusters.map((cluster) => here('rds', `cluster:${cluster}`))),
  };
  const why = 'Any replica of a source may be promoted, and IAM knows no condition for whose replica one is.';
  const resources = [here('rds', 'db:*')];
  const promote: readonly Right[] = [
    { actions: ['rds:PromoteReadReplica'], resources, why },
    {
      actions: ['rds:AddTagsToResource', 'rds:RemoveTagsFromResource'],
      resources,
      conditions: onlyTags(RESOURCE_TAGS.protected),
      why: `${why} Only the mark of protection is set and taken off.`,
    },
  ];
  return [...(clusters.length === 0 ? [] : [failOver]), ...(hasReplicas ? promote : [])];
}
