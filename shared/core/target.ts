/** An ECS service: its size is the service's desired count of tasks. */
export interface EcsServiceTarget {
  readonly kind: 'ecs-service';
  /** Name of the ECS cluster. */
  readonly cluster: string;
  /** Name of the service in that cluster. */
  readonly service: string;
}

/** A resource with a size. The database and cache tiers join this union with kinds of their own. */
export type Target = EcsServiceTarget;

/** Every kind of target that Plimsoll can resize. */
export type TargetKind = Target['kind'];

/** Identifies a target everywhere: ledger key, log field, metric dimension. For example `ecs-service/prod/web`. */
export type TargetId = string & { readonly __brand: 'TargetId' };

/** The identity of a target. */
export function targetId(target: Target): TargetId {
  switch (target.kind) {
    case 'ecs-service':
      return `${target.kind}/${target.cluster}/${target.service}` as TargetId;
  }
}
