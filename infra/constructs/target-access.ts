import { Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { chunkBySize } from '../chunk-by-size.ts';
import type { ServiceArn } from '../service-arns.ts';

/** A managed policy holds 6,144 characters without white space; a role takes 10 of them, 25 after a quota request (IAM quotas). */
const LIMITS = { characters: 6144, perRole: 10, perRoleRaised: 25 } as const;

const ACTIONS = ['ecs:DescribeServices', 'ecs:UpdateService'] as const;

/** What is to be resized, and who may. */
export interface TargetAccessProps {
  readonly services: readonly ServiceArn[];
  readonly roles: readonly Role[];
}

/**
 * The right to look at and to resize exactly the services that the policies name.
 * Both actions take service ARNs (Service Authorization Reference, Amazon ECS). Shared managed policies rather than inline
 * ones, because all inline policies of a role share 10,240 characters: about 130 services.
 */
export class TargetAccess extends Construct {
  constructor(scope: Construct, id: string, { services, roles }: TargetAccessProps) {
    super(scope, id);
    const frame = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Action: ACTIONS, Effect: 'Allow', Resource: [] }],
    });
    const chunks = chunkBySize({
      items: services,
      sizeOf: ({ characters }) => characters + '"",'.length,
      budget: LIMITS.characters - frame.length,
    });
    this.checkQuota(services.length, chunks.length);
    chunks.forEach((chunk, index) => {
      new ManagedPolicy(this, `Services${index}`, {
        description: 'Lets Plimsoll look at and resize the ECS services that its policies name.',
        statements: [new PolicyStatement({ actions: [...ACTIONS], resources: chunk.map(({ arn }) => arn) })],
        roles: [...roles],
      });
    });
  }

  private checkQuota(services: number, policies: number): void {
    if (policies > LIMITS.perRoleRaised) {
      throw new Error(
        `${services} services take ${policies} managed policies, and an IAM role takes at most ${LIMITS.perRoleRaised}. Deploy the policies in two regions or accounts.`,
      );
    }
    if (policies > LIMITS.perRole) {
      Validations.of(this).addWarning(
        'plimsoll:managed-policies-per-role',
        `${services} services take ${policies} managed policies per role. Raise the IAM quota "Managed policies per role" (L-0DA4ABF3, default ${LIMITS.perRole}) before you deploy.`,
      );
    }
  }
}
