/** An ECS service: its size is the service's desired count of tasks. */
export interface EcsServiceTarget {
  readonly kind: 'ecs-service';
  /** Name of the ECS cluster. */
  readonly cluster: string;
  /** Name of the service in that cluster. */
  readonly service: string;
}

/**
 * Where clients find the units of a tier: a unit gets traffic only while it is in there. `route53`: one weighted CNAME
 * record for each unit, under one name. `target-group`: one IP target for each unit.
 */
export type TrafficEndpoint =
  | {
      readonly kind: 'route53';
      readonly hostedZoneId: string;
      /** Fully qualified, without the dot at the end. */
      readonly recordName: string;
      readonly ttlSeconds: number;
    }
  | { readonly kind: 'target-group'; readonly arn: string; readonly port: number };

/** When a unit on its way out is empty enough to be deleted. */
export interface Leaving {
  /** It goes when it has no more client connections than this … */
  readonly connections: number;
  /** … or when it has been out of traffic for so long. */
  readonly drainSeconds: number;
}

/** A warm plan that a new unit must have been through before it counts as ready, or the time after which it counts all the same. */
export interface WarmUp {
  readonly plan: string;
  readonly withinSeconds: number;
}

/** Read replicas of an RDS database instance: its size is the number of replicas that are not on their way out. */
export interface RdsReplicasTarget {
  readonly kind: 'rds-replicas';
  /** Identifier of the source instance. */
  readonly source: string;
  /** Instance classes to try, in order; none = that of the source. */
  readonly classes: readonly string[];
  /** Availability zones to spread over; none = those of the source's subnet group. */
  readonly zones: readonly string[];
  /** A replica whose lag is more than this gets no traffic. */
  readonly maxLagSeconds: number;
  readonly warmUp: WarmUp | null;
  readonly leaving: Leaving;
  /** Null = nobody is told: the application finds its replicas by itself. */
  readonly endpoint: TrafficEndpoint | null;
  /** ARNs of the roles that new replicas may be given for enhanced monitoring; absent = that which the console of RDS makes. */
  readonly passRoles?: readonly string[] | undefined;
}

/** Readers of an Aurora cluster: its size is the number of readers that are not on their way out; the writer is not counted. */
export interface AuroraReadersTarget {
  readonly kind: 'aurora-readers';
  /** Identifier of the cluster. */
  readonly cluster: string;
  /** Instance classes to try, in order; none = that of the writer. */
  readonly classes: readonly string[];
  /** Availability zones to spread over; none = those of the cluster. */
  readonly zones: readonly string[];
  readonly leaving: Leaving;
}

/** Replicas of a Valkey or Redis replication group: its size is the number of replicas in each shard. */
export interface ElastiCacheReplicasTarget {
  readonly kind: 'elasticache-replicas';
  readonly replicationGroup: string;
}

/** Shards of a Valkey or Redis replication group in cluster mode. */
export interface ElastiCacheShardsTarget {
  readonly kind: 'elasticache-shards';
  readonly replicationGroup: string;
  /** Shards are removed only if the data of all of them then fills at most this percent of the memory of those that stay. */
  readonly maxMemoryPercent: number;
}

/** Where a resource whose unit changes in size may be changed. */
interface Ladder<Rung> {
  /** Sizes in order, the smallest first: the size of the target is a place in this list, counted from 1. */
  readonly ladder: readonly Rung[];
  /** Whether it may be changed at any time, and not only while a maintenance window of the policy's schedule is open. */
  readonly immediate: boolean;
}

/** The size of the tasks of an ECS service. */
export interface EcsTaskSizeTarget extends Ladder<{ readonly cpu: number; readonly memoryMiB: number }> {
  readonly kind: 'ecs-task-size';
  readonly cluster: string;
  readonly service: string;
  /** ARNs of the task and execution roles of its task definitions, which a new revision is given as well; absent = they have none. */
  readonly passRoles?: readonly string[] | undefined;
}

/** The class of an RDS database instance, or of one instance of an Aurora cluster. */
export interface RdsInstanceClassTarget extends Ladder<string> {
  readonly kind: 'rds-instance-class';
  readonly instance: string;
}

/** The node type of a Valkey or Redis replication group. */
export interface ElastiCacheNodeTypeTarget extends Ladder<string> {
  readonly kind: 'elasticache-node-type';
  readonly replicationGroup: string;
}

/** A resource whose units change in size instead of in number. */
export type VerticalTarget = EcsTaskSizeTarget | RdsInstanceClassTarget | ElastiCacheNodeTypeTarget;

/** A resource with a size. */
export type Target =
  | EcsServiceTarget
  | RdsReplicasTarget
  | AuroraReadersTarget
  | ElastiCacheReplicasTarget
  | ElastiCacheShardsTarget
  | VerticalTarget;

/** Every kind of target that Plimsoll can resize. */
export type TargetKind = Target['kind'];

/** The target of one kind. */
export type TargetOf<K extends TargetKind> = Extract<Target, { kind: K }>;

/** Identifies a target everywhere: ledger key, log field, metric dimension. For example `ecs-service/prod/web`. */
export type TargetId = string & { readonly __brand: 'TargetId' };

/** The identity of a target. */
export const targetId = (target: Target): TargetId => `${target.kind}/${placeOf(target)}` as TargetId;

function placeOf(target: Target): string {
  switch (target.kind) {
    case 'ecs-service':
    case 'ecs-task-size':
      return `${target.cluster}/${target.service}`;
    case 'rds-replicas':
      return target.source;
    case 'aurora-readers':
      return target.cluster;
    case 'rds-instance-class':
      return target.instance;
    case 'elasticache-replicas':
    case 'elasticache-shards':
    case 'elasticache-node-type':
      return target.replicationGroup;
  }
}

/** Whether the size of a target is a place on a ladder. */
export const isVertical = (target: Target): target is VerticalTarget => 'ladder' in target;

/** Which kinds count something, and what one of it is called in sentences. */
export const UNIT_NAMES: Readonly<Record<TargetKind, { readonly one: string; readonly many: string }>> = {
  'ecs-service': { one: 'task', many: 'tasks' },
  'rds-replicas': { one: 'replica', many: 'replicas' },
  'aurora-readers': { one: 'reader', many: 'readers' },
  'elasticache-replicas': { one: 'replica per shard', many: 'replicas per shard' },
  'elasticache-shards': { one: 'shard', many: 'shards' },
  'ecs-task-size': { one: 'rung', many: 'rungs' },
  'rds-instance-class': { one: 'rung', many: 'rungs' },
  'elasticache-node-type': { one: 'rung', many: 'rungs' },
};

/** The tags that Plimsoll puts on what it creates or works on: what it knows of a resource beyond its description. */
export const RESOURCE_TAGS = {
  /** `true` on everything that Plimsoll created: only that may be deleted. */
  managed: 'plimsoll:managed',
  /** The name of the policy that it was created for. */
  policy: 'plimsoll:policy',
  /** `true` on what must never be chosen to go. */
  protected: 'plimsoll:protected',
  /** Since when a unit is on its way out, in ISO 8601. */
  leaving: 'plimsoll:leaving',
  /** When the warm-up of a new unit ended, in ISO 8601. */
  warmed: 'plimsoll:warmed',
  /** The task definition that a resize replaced: where a failed one goes back to. */
  previous: 'plimsoll:previous',
  /** The resize that a resource was created by. */
  resize: 'plimsoll:resize',
} as const;
