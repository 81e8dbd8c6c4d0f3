import { Fn } from 'aws-cdk-lib';
import { RESOURCE_TAGS } from '../../shared/core/target.ts';
import type { NamedArn } from '../named-arn.ts';

/** The conditions of a statement, as IAM has them. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A statement to be: what may be done to which resources. */
export interface Right {
  readonly actions: readonly string[];
  readonly resources: readonly NamedArn[];
  readonly conditions?: Conditions;
  /** Why a resource is a pattern; there must be one where one is. */
  readonly why?: string;
}

/** What the rights of one deployment may be given to. */
export interface TargetRights {
  /** Whoever looks at targets and resizes them. */
  readonly resizing: readonly Right[];
  /** Whoever promotes replicas, besides. */
  readonly promoting: readonly Right[];
}

/** Only what carries our tag. */
export const IS_OURS = { [`aws:ResourceTag/${RESOURCE_TAGS.managed}`]: 'true' } as const;

/** Only what is given our tag in the same request. */
export const BECOMES_OURS = { [`aws:RequestTag/${RESOURCE_TAGS.managed}`]: 'true' } as const;

/** Only these tags, and at least one of them. */
export const onlyTags = (...tags: readonly string[]): Conditions => ({
  'ForAllValues:StringEquals': { 'aws:TagKeys': tags },
  Null: { 'aws:TagKeys': 'false' },
});

/** Reading metrics, which units are judged by; also those who do not evaluate policies need it. */
export const readMetrics = (any: NamedArn): Right => ({
  actions: ['cloudwatch:GetMetricData'],
  resources: [any],
  why: 'cloudwatch:GetMetricData supports no resource-level permissions.',
});

/**
 * Passing roles, to one service alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export const passRoles = (roles: readonly NamedArn[], service: string): readonly Right[] =>
  roles.length === 0
    ? []
    : [
        {
          actions: ['iam:PassRole'],
          resources: roles,
          conditions: { StringEquals: { 'iam:PassedToService': service } },
        },
      ];

/**
 * Encryption of new instances under a key of the customer's own: only by way of RDS, and only for grants to AWS services. Under the
 * key `aws/rds` nothing is needed.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
 */
export const encryptByRds = (keys: NamedArn): Right => ({
  actions: ['kms:CreateGrant', 'kms:DescribeKey'],
  resources: [keys],
  conditions: {
    StringEquals: { 'kms:ViaService': Fn.sub(`rds.\${AWS::Region}.\${AWS::URLSuffix}`) },
    BoolIfExists: { 'kms:GrantIsForAWSResource': 'true' },
  },
  why: 'The key of the source is not known at synthesis; it is used only by way of RDS, and its own policy decides.',
});
