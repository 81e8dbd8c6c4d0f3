import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPolicies } from '../../infra/read-policies.ts';
import { filledIn, nagViolations, type Resource, referred, synthesize } from './synthesize.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Effect: string;
  readonly Condition?: unknown;
}

const deployment = synthesize(await readPolicies('test/fixtures/every-kind'));
const { resources } = deployment;

const statementsOf = ({ Properties }: Resource) =>
  (Properties['PolicyDocument'] as { readonly Statement: readonly Statement[] }).Statement;

/** Intrinsics as a reader would write them; hashes of logical ids left out. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { 'Fn::Join': join, 'Fn::Sub': text } = value as {
    'Fn::Join'?: [string, unknown[]];
    'Fn::Sub'?: string;
  };
  if (text !== undefined) return text;
  if (join !== undefined) return join[1].map(plain).join(join[0]);
  const id = referred(value)?.replace(/[0-9A-F]{8}$/, '');
  return JSON.stringify(value).includes('StreamArn') ? `<${id} stream>` : `<${id}>`;
}

const plainConditions = (conditions: unknown): unknown =>
  JSON.parse(JSON.stringify(conditions).replace(/\{"Fn::Sub":("[^"]*")\}/g, '$1'));

interface Right {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: unknown;
}

/** Who may do what to which resource, by role: one that several have is listed for all of them together. */
const rights: Record<string, readonly Right[]> = {};
for (const policy of [
  ...Object.values(resources('AWS::IAM::Policy')),
  ...Object.values(resources('AWS::IAM::ManagedPolicy')),
]) {
  const roles = (policy.Properties['Roles'] as readonly unknown[]).map(plain).join(' ');
  const statements = statementsOf(policy).map(({ Effect, Action, Resource, Condition }) => ({
    effect: Effect,
    actions: [Action].flat(),
    resources: [plain(Resource)].flat() as readonly string[],
    ...(Condition === undefined ? {} : { conditions: plainConditions(Condition) }),
  }));
  rights[roles] = [...(rights[roles] ?? []), ...statements];
}
const all = Object.values(rights).flat();

/** Actions that the Service Authorization Reference lists without a resource type. */
const WITHOUT_RESOURCE_LEVEL = [
  'application-autoscaling:DescribeScalableTargets',
  'cloudwatch:GetMetricData',
  'ecs:DescribeTaskDefinition',
  'elasticloadbalancing:DescribeTargetHealth',
  'rds:DescribeOrderableDBInstanceOptions',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

/** Network interfaces, which Lambda makes under the role of a function in a VPC. */
const OF_NETWORK = /^ec2:/;

const ADAPTERS = new URL('../../shared/adapters/aws/', import.meta.url);

/** The service of the commands of an SDK client, as IAM calls it. */
const SERVICE_OF: Readonly<Record<string, string>> = {
  'client-application-auto-scaling': 'application-autoscaling',
  'client-cloudwatch': 'cloudwatch',
  'client-ecs': 'ecs',
  'client-elastic-load-balancing-v2': 'elasticloadbalancing',
  'client-elasticache': 'elasticache',
  'client-eventbridge': 'events',
  'client-rds': 'rds',
  'client-route-53': 'route53',
  'client-secrets-manager': 'secretsmanager',
  'client-sns': 'sns',
};

/** The IAM action of an SDK command, where the two have different names. */
const ACTION_OF: Readonly<Record<string, string>> = {
  BatchGet: 'dynamodb:BatchGetItem',
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Query: 'dynamodb:Query',
  PublishBatch: 'sns:Publish',
};

/** Run by people with rights of their own: the command `target-group`. */
const OF_PEOPLE = ['traffic/target-group-control.ts'];

/** Every action that the code of the adapters can need, by file. */
const needed = readdirSync(ADAPTERS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !OF_PEOPLE.includes(file))
  .flatMap((file) => {
    const code = readFileSync(new URL(file, ADAPTERS), 'utf8');
    const client = /from '@aws-sdk\/(client-[\w-]+)'/g;
    const services = [...code.matchAll(client)].flatMap(([, name = '']) => SERVICE_OF[name] ?? []);
    return [...code.matchAll(/new (\w+)Command\b/g)].map(([, command = '']) => {
      const own = services.filter((service) => isOf(code, service, command));
      return ACTION_OF[command] ?? `${own[0] ?? `unknown service in ${file}`}:${command}`;
    });
  });

/** Whether a file imports a command from the client of a service. */
function isOf(code: string, service: string, command: string): boolean {
  const imports = [...code.matchAll(/import (?:type )?\{([^}]*)\} from '@aws-sdk\/(client-[\w-]+)'/g)];
  return imports.some(
    ([, names = '', client = '']) =>
      SERVICE_OF[client] === service && new RegExp(`\\b${command}Command\\b`).test(names),
  );
}

/** Rights that serve Lambda itself rather than our code. */
const OF_LAMBDA =
  /^(logs|xray|sqs|lambda|ec2):|^dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)$/;

/** Rights that AWS asks for besides that of the call: roles and keys that are passed on, tags that are given at once. */
const BESIDES = ['ecs:TagResource', 'iam:PassRole', 'kms:CreateGrant', 'kms:DescribeKey'];

describe('the rights of the roles', () => {
  it('cover what the adapters call, and nothing that they do not', () => {
    const granted = all
      .flatMap(({ actions }) => actions)
      .filter((action) => !OF_LAMBDA.test(action) && !BESIDES.includes(action));
    expect([...new Set(granted)].sort()).toEqual([...new Set(needed)].sort());
  });

  it('are these and no others', async () => {
    await expect(`${JSON.stringify(rights, null, 2)}\n`).toMatchFileSnapshot(
      '../fixtures/infra/iam-statements.json',
    );
  });

  it('have nothing that the AwsSolutions pack objects to, with every kind, an application and warm plans', () => {
    expect(nagViolations(deployment)).toEqual([]);
  });

  it('stand in managed policies that IAM takes, each with room for its longest names', () => {
    const managed = Object.values(resources('AWS::IAM::ManagedPolicy'));
    expect(managed.length).toBeGreaterThan(1);
    for (const { Properties } of managed) {
      expect(filledIn(Properties['PolicyDocument']).length).toBeLessThanOrEqual(6144);
    }
  });

  it('name every resource, except where AWS knows no resource-level permission', () => {
    for (const { actions, resources: named } of all) {
      if (named.includes('*')) {
        const others = actions.filter(
          (action) => !WITHOUT_RESOURCE_LEVEL.includes(action) && !OF_NETWORK.test(action),
        );
        expect(others).toEqual([]);
      }
      expect(actions.join()).not.toContain('*');
    }
  });

  it('change what has no name yet only under a condition', () => {
    const free = all
      .filter(({ conditions, resources: named }) => conditions === undefined && named.join().includes('*'))
      .flatMap(({ actions }) => actions)
      .filter((action) => !/:(Describe|List|Get)|^xray:/.test(action) && !OF_NETWORK.test(action));
    // Any replica may be promoted, and a change of class also refers to the groups of its instance.
    expect(free.sort()).toEqual(['rds:ModifyDBInstance', 'rds:PromoteReadReplica']);
  });

  it('delete nothing but databases that carry our tag and are not protected', () => {
    const deleting = all.filter(({ actions }) =>
      actions.some((action) => /:(Delete|Terminate)(?!Message|Network)/.test(action)),
    );
    expect(deleting.map(({ actions }) => actions)).toEqual([['rds:DeleteDBInstance']]);
    expect(deleting[0]?.conditions).toEqual({
      StringEquals: { 'aws:ResourceTag/plimsoll:managed': 'true' },
      StringNotEquals: { 'aws:ResourceTag/plimsoll:protected': 'true' },
    });
  });

  it('put our tag on nothing that was not created under our names', () => {
    const tagging = all.filter(({ actions }) => actions.includes('rds:AddTagsToResource'));
    const marks = tagging.filter(({ conditions }) => JSON.stringify(conditions).includes('RequestTag'));
    expect(marks.flatMap(({ resources: named }) => named)).toEqual(
      ['ledger-db', 'search', 'shop-db'].map((parent) =>
        expect.stringMatching(`:db:${parent}-plimsoll-\\*$`),
      ),
    );
    for (const { conditions } of tagging) expect(JSON.stringify(conditions)).toContain('"aws:TagKeys"');
  });

  it('let only the API promote', () => {
    const promoting = Object.entries(rights).filter(([, statements]) =>
      statements.some(({ actions }) => /Promote|Failover/.test(actions.join())),
    );
    expect(promoting.map(([roles]) => roles)).toEqual(['<FunctionsApiRole>']);
  });

  it('let nobody resize a service that no policy names', () => {
    const resizing = all.filter(({ actions }) => actions.includes('ecs:UpdateService'));
    expect(resizing.flatMap(({ resources: named }) => named)).toEqual([
      expect.stringMatching(/:service\/prod\/shop$/),
      expect.stringMatching(/:service\/prod\/worker$/),
    ]);
  });
});
