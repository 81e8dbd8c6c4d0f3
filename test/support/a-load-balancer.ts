import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { awsError } from '../../functions/local/aws-endpoint/errors.ts';
import { type ModelledService, modelledService } from '../../functions/local/aws-endpoint/service.ts';

/** The ARN of the one target group that a {@link TinyLoadBalancer} has. */
export const A_GROUP =
  'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/orders/0123456789abcdef';

/** A load balancer with one target group, as far as its targets go. */
export class TinyLoadBalancer {
  /** State by `id:port`. */
  readonly targets = new Map<string, string>();
  readonly attributes = new Map<string, string>();
  readonly tags = new Map<string, string>();
  readonly port = 3306;

  #check(arn: string | undefined): void {
    if (arn !== A_GROUP) throw awsError('TargetGroupNotFound', 'One or more target groups not found');
  }

  #names(targets: readonly elb.TargetDescription[] = []): readonly string[] {
    return targets.map(({ Id, Port = this.port }) => `${Id}:${Port}`);
  }

  service(): ModelledService {
    const identity = { name: 'elasticloadbalancing' };
    return modelledService(identity, elb, {
      DescribeTargetHealth: ({ TargetGroupArn }) => {
        this.#check(TargetGroupArn);
        const TargetHealthDescriptions = [...this.targets].map(([name, state]) => ({
          Target: { Id: name.replace(/:\d+$/, ''), Port: Number(name.split(':').at(-1)) },
          TargetHealth: {
            State: state as elb.TargetHealthStateEnum,
            ...(state !== 'healthy' && { Description: 'as the test wants it' }),
          },
        }));
        return { TargetHealthDescriptions };
      },
      RegisterTargets: ({ TargetGroupArn, Targets }) => {
        this.#check(TargetGroupArn);
        for (const name of this.#names(Targets)) this.targets.set(name, 'healthy');
        return {};
      },
      DeregisterTargets: ({ TargetGroupArn, Targets }) => {
        this.#check(TargetGroupArn);
        for (const name of this.#names(Targets))
          if (this.targets.has(name)) this.targets.set(name, 'draining');
        return {};
      },
      ModifyTargetGroupAttributes: ({ TargetGroupArn, Attributes = [] }) => {
        this.#check(TargetGroupArn);
        for (const { Key = '', Value = '' } of Attributes) this.attributes.set(Key, Value);
        return { Attributes: [] };
      },
      DescribeTags: ({ ResourceArns = [] }) => {
        this.#check(ResourceArns[0]);
        const Tags = [...this.tags].map(([Key, Value]) => ({ Key, Value }));
        return { TagDescriptions: [{ ResourceArn: A_GROUP, Tags }] };
      },
      AddTags: ({ Tags = [] }) => {
        for (const { Key = '', Value = '' } of Tags) this.tags.set(Key, Value);
        return {};
      },
      RemoveTags: ({ TagKeys = [] }) => {
        for (const key of TagKeys) this.tags.delete(key);
        return {};
      },
    });
  }
}
