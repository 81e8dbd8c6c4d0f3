import { App, NestedStack, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import cdk from '../../cdk.json' with { type: 'json' };
import { ControllerStack, type ControllerStackProps } from '../../infra/controller-stack.ts';
import { aPolicy } from '../support/a-policy.ts';

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

/** A synthesized deployment: its root template and those of its nested stacks. */
export interface Synthesized {
  readonly stack: ControllerStack;
  readonly template: Template;
  readonly nested: readonly Template[];
  /** Resources of one type of the root template, by logical id. */
  readonly resources: (type: string) => Readonly<Record<string, Resource>>;
}

/** Synthesizes without bundling: the functions' code is a stub. */
export function synthesize(overrides: Partial<ControllerStackProps> = {}): Synthesized {
  const stack = new ControllerStack(
    new App({ analyticsReporting: false, context: cdk.context }),
    'Plimsoll',
    {
      policies: [aPolicy()],
      code: Code.fromInline('export const handler = async () => undefined;'),
      version: '1.2.3',
      ledger: 'retain',
      ...overrides,
    },
  );
  const template = Template.fromStack(stack);
  const nested = stack.node
    .findAll()
    .filter((each): each is NestedStack => NestedStack.isNestedStack(each))
    .map((each: Stack) => Template.fromStack(each));
  return {
    stack,
    template,
    nested,
    resources: (type) => template.findResources(type) as Readonly<Record<string, Resource>>,
  };
}

/** What cdk-nag's AwsSolutions pack says of a deployment; the empty list is clean. */
export function nagViolations({ stack }: Synthesized): readonly string[] {
  return new AwsSolutionsChecks(stack.node.root)
    .validateScope(stack.node.root)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
}

/** The logical id that a reference or an attribute of a resource names. */
export function referred(value: unknown): string | undefined {
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: readonly string[] };
  return Ref ?? attribute?.[0];
}

/** A part of a template as JSON, with the longest values that CloudFormation may fill in for the pseudo parameters. */
export function filledIn(value: unknown): string {
  const values: Readonly<Record<string, string>> = {
    Partition: 'aws-us-gov',
    Region: 'ap-southeast-1',
    AccountId: '123456789012',
  };
  return JSON.stringify(value)
    .replace(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
    .replace(/\$\{AWS::(\w+)\}/g, (_, name: string) => values[name] ?? name);
}
