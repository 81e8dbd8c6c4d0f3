import { Fn, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Policy } from '../shared/core/policy.ts';
import { RESOURCE_TAGS } from '../shared/core/target.ts';
import type { WarmPlan } from '../shared/core/warm-plan.ts';
import type { ControllerFunction } from './constructs/controller-function.ts';
import { IS_OURS, onlyTags } from './rights/right.ts';

/** Whether new replicas of some policy wait for a warm plan. */
export const warmsUpReplicas = (policies: readonly Policy[]): boolean =>
  policies.some(({ target }) => target.kind === 'rds-replicas' && target.warmUp !== null);

/** Lets the warming function read exactly the secrets, log in to exactly the databases and caches, and query exactly the tables that the plans name. */
export function grantWarming(
  warm: ControllerFunction,
  plans: readonly WarmPlan[],
  policies: readonly Policy[],
): void {
  const grant = (actions: readonly string[], resources: readonly string[]) => {
    const unique = [...new Set(resources)].sort();
    if (unique.length > 0) warm.allow(actions, unique.map(arnOf));
  };
  grant(['secretsmanager:GetSecretValue'], plans.flatMap(secretsOf));
  grant(['rds-db:connect'], plans.flatMap(databaseUsersOf));
  grant(['elasticache:Connect'], plans.flatMap(cacheUsersOf));
  grant(['dynamodb:Query'], plans.flatMap(tablesOf));
  if (warmsUpReplicas(policies)) allowReplicas(warm);
}

/** `Fn::Sub` fills in partition, region and account; an ARN that is whole has nothing to be filled in. */
const arnOf = (text: string): string => (text.includes('${') ? Fn.sub(text) : text);

const here = (service: string, rest: string): string =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`;

function secretsOf({ cache, items }: WarmPlan): readonly string[] {
  const ofItems = items.flatMap((item) => {
    if (item.kind === 'http') return item.headersSecretArn === null ? [] : [item.headersSecretArn];
    return item.kind === 'sql' && item.database.auth.kind === 'secret' ? [item.database.auth.secretArn] : [];
  });
  return cache?.auth.kind === 'secret' ? [...ofItems, cache.auth.secretArn] : ofItems;
}

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html
const databaseUsersOf = ({ items }: WarmPlan): readonly string[] =>
  items.flatMap((item) => {
    if (item.kind !== 'sql' || item.database.auth.kind !== 'iam') return [];
    const { user, resourceIds } = item.database.auth;
    return resourceIds.map((id) => here('rds-db', `dbuser:${id}/${user}`));
  });

// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
const cacheUsersOf = ({ cache }: WarmPlan): readonly string[] =>
  cache?.auth.kind === 'iam'
    ? [
        here('elasticache', `replicationgroup:${cache.auth.cacheName}`),
        here('elasticache', `user:${cache.auth.user}`),
      ]
    : [];

const tablesOf = ({ items }: WarmPlan): readonly string[] =>
  items.flatMap((item) => {
    if (item.kind !== 'dynamodb') return [];
    const table = `table/${item.table}`;
    return [here('dynamodb', item.index === null ? table : `${table}/index/${item.index}`)];
  });

/** New replicas have no names before they exist: the tag that we put on them stands for the name. */
function allowReplicas(warm: ControllerFunction): void {
  const instances = Fn.sub(here('rds', 'db:*'));
  warm.allow(['rds:DescribeDBInstances'], [instances]);
  warm.role.addToPolicy(
    new PolicyStatement({
      actions: ['rds:AddTagsToResource'],
      resources: [instances],
      conditions: { StringEquals: IS_OURS, ...onlyTags(RESOURCE_TAGS.warmed) },
    }),
  );
  Validations.of(warm.role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${here('rds', 'db:*').replace(/\$\{(AWS::\w+)\}/g, '<$1>')}]`,
    reason:
      'Replicas are created while the controller runs, so their names are not known here; plimsoll:warmed is put only on those that carry plimsoll:managed, and looking changes nothing.',
  });
}
