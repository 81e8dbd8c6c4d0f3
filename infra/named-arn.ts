import { Fn, type Stack, Token } from 'aws-cdk-lib';

/** An ARN, or a pattern of ARNs, and how long it can be once CloudFormation has filled it in. */
export interface NamedArn {
  readonly arn: string;
  readonly characters: number;
  /** It as written, with `${AWS::…}` in it: what tells two of them apart. */
  readonly text: string;
}

/** Makes ARNs of one deployment. */
export interface Arns {
  /** A resource of this account and region. */
  readonly here: (service: string, resource: string) => NamedArn;
  /** A resource that has neither, such as a hosted zone. */
  readonly global: (service: string, resource: string) => NamedArn;
  /** A role of this account. */
  readonly role: (name: string) => NamedArn;
}

// The longest values that the pseudo parameters take: aws-us-gov, ap-southeast-1 and twelve digits.
const LONGEST_PARTITION = 10;
const LONGEST_REGION = 14;
const ACCOUNT = 12;

/** `Fn::Sub` keeps a thousand ARNs at half the template size of joined parts. */
export function arnsOf(stack: Stack): Arns {
  const region = Token.isUnresolved(stack.region) ? LONGEST_REGION : stack.region.length;
  const fixed = 'arn::::'.length + LONGEST_PARTITION;
  const named = (text: string, characters: number): NamedArn => ({ arn: Fn.sub(text), characters, text });
  return {
    here: (service, resource) =>
      named(
        `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
        fixed + service.length + 1 + region + ACCOUNT + resource.length,
      ),
    global: (service, resource) =>
      named(`arn:\${AWS::Partition}:${service}:::${resource}`, fixed + service.length + 1 + resource.length),
    role: (name) =>
      named(
        `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${name}`,
        fixed + 'iam:role/'.length + ACCOUNT + name.length,
      ),
  };
}

/** An ARN that a user wrote out, or `*`. */
export const written = (text: string): NamedArn => ({ arn: text, characters: text.length, text });

/** Each of them once, in a fixed order. */
export function distinct(arns: readonly NamedArn[]): readonly NamedArn[] {
  const known = new Map(arns.map((arn) => [arn.text, arn]));
  return [...known.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
}
