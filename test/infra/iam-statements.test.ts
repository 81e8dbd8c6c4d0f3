import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aPolicy } from '../support/a-policy.ts';
import { type Resource, referred, synthesize } from './synthesize.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Effect: string;
}

const { resources } = synthesize({
  policies: [
    aPolicy(),
    aPolicy({ name: 'shop', target: { kind: 'ecs-service', cluster: 'prod', service: 'shop' } }),
  ],
});

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

/** Who may do what to which resource, by role. */
const rights = Object.fromEntries(
  [
    ...Object.values(resources('AWS::IAM::Policy')),
    ...Object.values(resources('AWS::IAM::ManagedPolicy')),
  ].map((policy) => [
    (policy.Properties['Roles'] as readonly unknown[]).map((role) => plain(role)).join(' '),
    statementsOf(policy).map(({ Effect, Action, Resource }) => ({
      effect: Effect,
      actions: [Action].flat(),
      resources: [plain(Resource)].flat(),
    })),
  ]),
);

/** Actions that the Service Authorization Reference lists without a resource type. */
const WITHOUT_RESOURCE_LEVEL = [
  'application-autoscaling:DescribeScalableTargets',
  'cloudwatch:GetMetricData',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

const ADAPTERS = new URL('../../shared/adapters/aws/', import.meta.url);

/** The IAM action of an SDK command, where the two have different names. */
const ACTION_OF: Readonly<Record<string, string>> = {
  BatchGet: 'dynamodb:BatchGetItem',
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Query: 'dynamodb:Query',
  GetMetricData: 'cloudwatch:GetMetricData',
  DescribeScalableTargets: 'application-autoscaling:DescribeScalableTargets',
  DescribeServices: 'ecs:DescribeServices',
  UpdateService: 'ecs:UpdateService',
  PutEvents: 'events:PutEvents',
  PublishBatch: 'sns:Publish',
};

/** Every operation that the code of the adapters can call. */
const called = readdirSync(ADAPTERS)
  .map((file) => readFileSync(new URL(file, ADAPTERS), 'utf8'))
  .flatMap((code) => [...code.matchAll(/new (\w+)Command\(/g)].map(([, command]) => command ?? ''));

/** Rights that serve Lambda itself rather than our code. */
const OF_LAMBDA =
  /^(logs|xray|sqs|lambda):|^dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)$/;

describe('the rights of the roles', () => {
  it('cover what the adapters call, and nothing that they do not', () => {
    const granted = Object.values(rights)
      .flat()
      .flatMap(({ actions }) => actions)
      .filter((action) => !OF_LAMBDA.test(action));
    const needed = called.map((command) => ACTION_OF[command] ?? `unknown action of ${command}Command`);
    expect([...new Set(granted)].sort()).toEqual([...new Set(needed)].sort());
  });

  it('are these and no others', async () => {
    await expect(`${JSON.stringify(rights, null, 2)}\n`).toMatchFileSnapshot(
      '../fixtures/infra/iam-statements.json',
    );
  });

  it('name every resource, except where AWS knows no resource-level permission', () => {
    for (const { actions, resources: named } of Object.values(rights).flat()) {
      if (named.includes('*')) {
        expect(actions.filter((action) => !WITHOUT_RESOURCE_LEVEL.includes(action))).toEqual([]);
      } else if (!actions.includes('dynamodb:ListStreams')) {
        expect(named.join()).not.toContain('*');
      }
      expect(actions.join()).not.toContain('*');
    }
  });

  it('let nobody resize a service that no policy names', () => {
    const resizing = Object.values(rights)
      .flat()
      .filter(({ actions }) => actions.includes('ecs:UpdateService'));
    expect(resizing.flatMap(({ resources: named }) => named)).toEqual([
      expect.stringMatching(/:service\/prod\/shop$/),
      expect.stringMatching(/:service\/prod\/web$/),
    ]);
  });
});
