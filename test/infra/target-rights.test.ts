import { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { cachePatterns, databasePatterns } from '../../infra/event-patterns.ts';
import { written } from '../../infra/named-arn.ts';
import { intoDocuments } from '../../infra/rights/into-documents.ts';
import type { Right } from '../../infra/rights/right.ts';
import { targetRights } from '../../infra/rights/target-rights.ts';
import { replicaName } from '../../shared/adapters/aws/rds/create.ts';
import { createdPrefix } from '../../shared/core/created-units.ts';
import type { Target } from '../../shared/core/target.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aReplicasTarget } from '../support/database-policies.ts';
import { fc } from '../support/fast-check.ts';
import { filledIn } from './synthesize.ts';

const stack = new Stack();
const policiesFor = (...targets: readonly Target[]) =>
  targets.map((target, index) => aPolicy({ name: `p${index}`, target }));

/** What an ARN ends with, behind the account. */
const endOf = (text: string): string =>
  text === '*'
    ? text
    : text
        .replace(/\$\{AWS::\w+\}/g, '')
        .split(':')
        .slice(5)
        .join(':');

/** Rights as one line each: actions, resources, and what they depend on. */
const lines = (rights: readonly Right[]): readonly string[] =>
  rights.map(({ actions, resources, conditions }) =>
    [
      actions.join(' '),
      resources.map(({ text }) => endOf(text)).join(' '),
      ...Object.values(conditions ?? {}).flatMap((keys) => Object.keys(keys)),
    ].join(' | '),
  );
const linesFor = (...targets: readonly Target[]) =>
  lines(targetRights(stack, policiesFor(...targets)).resizing);

const GROUPS = 'og:* pg:* secgrp:*';
const LEAVING = [
  'rds:DeleteDBInstance | db:* | aws:ResourceTag/plimsoll:managed | aws:ResourceTag/plimsoll:protected',
  'rds:AddTagsToResource | db:* | aws:ResourceTag/plimsoll:managed | aws:TagKeys | aws:TagKeys',
  'rds:RemoveTagsFromResource | db:* | aws:TagKeys | aws:TagKeys',
  'cloudwatch:GetMetricData | *',
];
const ENCRYPTING = 'kms:CreateGrant kms:DescribeKey | key/* | kms:ViaService | kms:GrantIsForAWSResource';
const NEW_TAGS = 'aws:RequestTag/plimsoll:managed | aws:TagKeys';

describe('the rights to resize', () => {
  it('ECS services are those of the named services', () => {
    expect(linesFor({ kind: 'ecs-service', cluster: 'prod', service: 'web' })).toEqual([
      'ecs:DescribeServices ecs:UpdateService | service/prod/web',
    ]);
  });

  it('sizes of tasks are those of new revisions under our tag, and no role is passed that is not named', () => {
    const target = {
      kind: 'ecs-task-size',
      cluster: 'prod',
      service: 'web',
      ladder: [],
      immediate: true,
    } as const;
    const expected = [
      'ecs:DescribeServices ecs:UpdateService | service/prod/web',
      'ecs:DescribeTaskDefinition | *',
      'ecs:RegisterTaskDefinition | task-definition/* | aws:RequestTag/plimsoll:managed',
      'ecs:TagResource | task-definition/* | ecs:CreateAction | aws:RequestTag/plimsoll:managed',
    ];
    expect(linesFor(target)).toEqual(expected);
    expect(linesFor({ ...target, passRoles: ['arn:aws:iam::123456789012:role/task'] })).toEqual([
      ...expected,
      'iam:PassRole | role/task | iam:PassedToService',
    ]);
  });

  it('replicas are those of the named source and of names that begin with it', () => {
    expect(linesFor(aReplicasTarget())).toEqual([
      'rds:DescribeDBInstances | db:*',
      `rds:CreateDBInstanceReadReplica | db:orders db:orders-plimsoll-* ${GROUPS} subgrp:* | aws:RequestTag/plimsoll:managed`,
      `rds:AddTagsToResource | db:orders-plimsoll-* | ${NEW_TAGS}`,
      ENCRYPTING,
      'iam:PassRole | role/rds-monitoring-role | iam:PassedToService',
      ...LEAVING,
    ]);
  });

  it('readers are those of the named cluster and of names that begin with it', () => {
    expect(
      linesFor({
        ...{ kind: 'aurora-readers', cluster: 'ledger', classes: [], zones: [] },
        leaving: { connections: 0, drainSeconds: 300 },
      }),
    ).toEqual([
      'rds:DescribeDBInstances rds:DescribeDBClusters | db:* cluster:*',
      `rds:CreateDBInstance | cluster:ledger db:ledger-plimsoll-* ${GROUPS} subgrp:* | aws:RequestTag/plimsoll:managed`,
      `rds:AddTagsToResource | db:ledger-plimsoll-* | ${NEW_TAGS}`,
      ENCRYPTING,
      ...LEAVING,
    ]);
  });

  it('classes of instances are those of the named instance, which is neither created nor deleted', () => {
    expect(linesFor({ kind: 'rds-instance-class', instance: 'orders', ladder: [], immediate: true })).toEqual(
      [
        'rds:DescribeDBInstances | db:*',
        `rds:ModifyDBInstance | db:orders ${GROUPS}`,
        'rds:DescribeOrderableDBInstanceOptions | *',
      ],
    );
  });

  it('caches are those of the kind of size that the policy names', () => {
    const looking =
      'elasticache:DescribeCacheClusters elasticache:DescribeReplicationGroups | cluster:* replicationgroup:*';
    const replicationGroup = 'sessions';
    expect(linesFor({ kind: 'elasticache-replicas', replicationGroup })).toEqual([
      looking,
      'elasticache:DecreaseReplicaCount elasticache:IncreaseReplicaCount | replicationgroup:sessions',
    ]);
    expect(linesFor({ kind: 'elasticache-shards', replicationGroup, maxMemoryPercent: 75 })).toEqual([
      looking,
      'elasticache:ModifyReplicationGroupShardConfiguration | replicationgroup:sessions',
      'cloudwatch:GetMetricData | *',
    ]);
    expect(
      linesFor({ kind: 'elasticache-node-type', replicationGroup, ladder: [], immediate: true }),
    ).toEqual([
      looking,
      'elasticache:ListAllowedNodeTypeModifications elasticache:ModifyReplicationGroup | replicationgroup:sessions',
    ]);
  });

  it('records of an endpoint are CNAMEs of its names in its zone, normalized', () => {
    const endpoint = { kind: 'route53', hostedZoneId: 'Z1', ttlSeconds: 5 } as const;
    const { resizing } = targetRights(
      stack,
      policiesFor(
        aReplicasTarget({ endpoint: { ...endpoint, recordName: '*.db.example.com' } }),
        aReplicasTarget({ source: 'stock', endpoint: { ...endpoint, recordName: 'stock.example.com' } }),
      ),
    );
    const changes = resizing.filter(({ actions }) => actions.includes('route53:ChangeResourceRecordSets'));
    expect(changes).toHaveLength(1);
    expect(changes[0]?.conditions).toEqual({
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': [
          '\\052.db.example.com',
          'stock.example.com',
        ],
        'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME'],
        'route53:ChangeResourceRecordSetsActions': ['DELETE', 'UPSERT'],
      },
    });
  });

  it('are there for no kind that no policy has', () => {
    expect(linesFor()).toEqual([]);
    expect(targetRights(stack, []).promoting).toEqual([]);
  });
});

describe('the rights to promote', () => {
  it('are a failover of the named cluster alone, where there are no replicas', () => {
    const policies = policiesFor({
      ...{ kind: 'aurora-readers', cluster: 'ledger', classes: [], zones: [] },
      leaving: { connections: 0, drainSeconds: 300 },
    });
    expect(lines(targetRights(stack, policies).promoting)).toEqual([
      'rds:FailoverDBCluster | cluster:ledger',
    ]);
  });

  it('are a promotion of any replica, and the mark of protection', () => {
    expect(lines(targetRights(stack, policiesFor(aReplicasTarget())).promoting)).toEqual([
      'rds:PromoteReadReplica | db:*',
      'rds:AddTagsToResource rds:RemoveTagsFromResource | db:* | aws:TagKeys | aws:TagKeys',
    ]);
  });
});

const identifiers = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/)
  .filter((name) => !name.includes('--'));

describe('names that begin as rights and rules say', () => {
  it('are all that replicas get', () => {
    fc.assert(
      fc.property(identifiers, fc.uuid(), fc.integer({ min: 1, max: 30 }), (source, resize, place) => {
        expect(replicaName(source, resize, place).startsWith(createdPrefix(source))).toBe(true);
      }),
    );
  });
});

describe('rights in documents', () => {
  const budget = 500;
  const right = fc.record({
    actions: fc.constantFrom(['a:One'], ['a:One', 'a:Two']),
    resources: fc.array(fc.string({ minLength: 1, maxLength: 60 }).map(written), {
      minLength: 1,
      maxLength: 12,
    }),
  });

  it('are all there, in their order, within the budget of each', () => {
    fc.assert(
      fc.property(fc.array(right, { maxLength: 8 }), (rights) => {
        const documents = intoDocuments(rights, budget);
        const pairs = (list: readonly Right[]) =>
          list.flatMap(({ actions, resources }) => resources.map(({ text }) => [actions.join(), text]));
        expect(pairs(documents.flat())).toEqual(pairs(rights));
        for (const document of documents) {
          const Statement = document.map(({ actions, resources }) => ({
            ...{ Action: actions, Effect: 'Allow' },
            Resource: resources.map(({ characters }) => 'x'.repeat(characters)),
          }));
          expect(JSON.stringify({ Version: '2012-10-17', Statement }).length).toBeLessThanOrEqual(budget);
        }
      }),
    );
  });

  it('refuse a resource that fits nowhere', () => {
    const resources = [written('x'.repeat(600))];
    expect(() => intoDocuments([{ actions: ['a:One'], resources }], budget)).toThrow(
      'Too long for a policy: xxx',
    );
  });
});

describe('the events of databases and caches', () => {
  const many = Array.from({ length: 60 }, (_, index) => `a-database-with-a-long-name-${index}`);

  it('are those of the named ones and of what is made for them, within what a pattern holds', () => {
    const patterns = databasePatterns(
      stack,
      policiesFor(...many.map((source) => aReplicasTarget({ source }))),
    );
    const resolved = patterns.map((pattern) => filledIn(stack.resolve(pattern)));
    for (const source of many) {
      expect(resolved.join()).toContain(`:db:${source}"`);
      expect(resolved.join()).toContain(
        `{"prefix":"arn:aws-us-gov:rds:ap-southeast-1:123456789012:db:${source}-plimsoll-"}`,
      );
    }
    for (const text of resolved) {
      const filled = text.replace('"detailType"', '"detail-type"');
      expect(filled.length).toBeLessThanOrEqual(2048);
    }
    expect(patterns.length).toBeGreaterThan(1);
  });

  it('are the calls that change the named groups', () => {
    const [pattern, ...more] = cachePatterns(
      policiesFor(
        { kind: 'elasticache-replicas', replicationGroup: 'sessions' },
        { kind: 'elasticache-shards', replicationGroup: 'sessions', maxMemoryPercent: 75 },
      ),
    );
    expect(more).toEqual([]);
    expect(pattern).toMatchObject({
      source: ['aws.elasticache'],
      detail: { requestParameters: { replicationGroupId: ['sessions'] } },
    });
  });
});
