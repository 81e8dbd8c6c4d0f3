import { Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { intoDocuments } from '../rights/into-documents.ts';
import type { Right, TargetRights } from '../rights/right.ts';

/**
 * A managed policy holds 6,144 characters without white space; a role takes 10 of them, 25 after a quota request (IAM quotas).
 * Some are spared for the suffix of AWS's domains, which is filled in later.
 */
const LIMITS = { characters: 6144 - 24, perRole: 10, perRoleRaised: 25 } as const;

/** What is to be resized and promoted, and who may. */
export interface TargetAccessProps {
  readonly rights: TargetRights;
  /** How many targets that is. */
  readonly targets: number;
  /** Whoever looks at targets and resizes them. */
  readonly resizing: readonly Role[];
  /** Whoever promotes replicas, besides: one of those that resize. */
  readonly promoting: Role;
}

/**
 * The right to look at, to resize and to promote exactly the targets that the policies name. Shared managed policies rather than inline
 * ones, because all inline policies of a role share 10,240 characters: about 130 services.
 */
export class TargetAccess extends Construct {
  constructor(scope: Construct, id: string, { rights, targets, resizing, promoting }: TargetAccessProps) {
    super(scope, id);
    const common = intoDocuments(rights.resizing, LIMITS.characters);
    const further = intoDocuments(rights.promoting, LIMITS.characters);
    this.checkQuota(targets, common.length + further.length);
    common.forEach((document, index) => {
      this.policy(`Targets${index}`, 'look at and resize', document, resizing);
    });
    further.forEach((document, index) => {
      this.policy(`Promotion${index}`, 'promote', document, [promoting]);
    });
  }

  private policy(id: string, what: string, rights: readonly Right[], roles: readonly Role[]): void {
    const policy = new ManagedPolicy(this, id, {
      description: `Lets Plimsoll ${what} the targets that its policies name.`,
      statements: rights.map(
        ({ actions, resources, conditions }) =>
          new PolicyStatement({
            actions: [...actions],
            resources: resources.map(({ arn }) => arn),
            ...(conditions === undefined ? {} : { conditions }),
          }),
      ),
      roles: [...roles],
    });
    for (const [pattern, reasons] of patternsOf(rights)) {
      Validations.of(policy).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${pattern}]`,
        reason: [...reasons].join(' '),
      });
    }
  }

  private checkQuota(targets: number, policies: number): void {
    if (policies > LIMITS.perRoleRaised) {
      throw new Error(
        `${targets} targets take ${policies} managed policies, and an IAM role takes at most ${LIMITS.perRoleRaised}. Deploy the policies in two regions or accounts.`,
      );
    }
    if (policies > LIMITS.perRole) {
      Validations.of(this).addWarning(
        'plimsoll:managed-policies-per-role',
        `${targets} targets take ${policies} managed policies per role. Raise the IAM quota "Managed policies per role" (L-0DA4ABF3, default ${LIMITS.perRole}) before you deploy.`,
      );
    }
  }
}

/** The patterns among the resources as cdk-nag writes them, with the reasons for each. */
function patternsOf(rights: readonly Right[]): ReadonlyMap<string, ReadonlySet<string>> {
  const patterns = new Map<string, Set<string>>();
  for (const { resources, why, actions } of rights) {
    for (const { text } of resources.filter((resource) => resource.text.includes('*'))) {
      if (why === undefined) throw new Error(`Why ${actions.join(', ')} stands on ${text} is not said.`);
      const pattern = text.replace(/\$\{(AWS::\w+)\}/g, '<$1>');
      patterns.set(pattern, (patterns.get(pattern) ?? new Set()).add(why));
    }
  }
  return patterns;
}
