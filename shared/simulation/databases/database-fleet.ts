import type { Instant } from '../../core/time.ts';
import { AccountRefusal } from '../account-refusal.ts';
import type { AccountIdentity } from '../plant-event.ts';
import { type SeededRandom, seededRandom } from '../seeded-random.ts';
import type { DatabaseCluster } from './database-cluster.ts';
import { DatabaseInstance, type InstanceSpec } from './database-instance.ts';

/** Instances that an account may have. Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html */
export const INSTANCE_QUOTA = 40;

/** A deletion as it was asked for: what a run is judged by. */
export interface DeletionRecord {
  readonly instance: string;
  readonly at: Instant;
  /** Client connections that it cut. */
  readonly connections: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly replicaOf: string | null;
}

type NewInstance = Omit<InstanceSpec, 'address' | 'tags'> & { readonly tags?: InstanceSpec['tags'] };

/** Every instance and cluster of the simulated account, by identifier. */
export class DatabaseFleet {
  readonly identity: AccountIdentity;
  readonly instances = new Map<string, DatabaseInstance>();
  readonly clusters = new Map<string, DatabaseCluster>();
  readonly deletions: DeletionRecord[] = [];
  readonly #seed: number;
  readonly #randoms = new Map<string, SeededRandom>();
  #made = 0;

  constructor(identity: AccountIdentity, seed: number) {
    this.identity = identity;
    this.#seed = seed;
  }

  /** The luck of one instance: the same for the same name, whatever happens to others. */
  randomOf(id: string): SeededRandom {
    const known = this.#randoms.get(id) ?? seededRandom(this.#seed, `rds/${id}`);
    this.#randoms.set(id, known);
    return known;
  }

  /** Adds an instance, with an address of its own. */
  add(spec: NewInstance): DatabaseInstance {
    this.#made += 1;
    const address = {
      host: `${spec.id}.cplimsoll000.${this.identity.region}.rds.amazonaws.com`,
      ip: `10.${Math.floor(this.#made / 62_500) % 250}.${Math.floor(this.#made / 250) % 250}.${(this.#made % 250) + 4}`,
    };
    const instance = new DatabaseInstance({ ...spec, tags: spec.tags ?? {}, address });
    this.instances.set(spec.id, instance);
    return instance;
  }

  /** @throws AccountRefusal `DBInstanceNotFoundFault`. */
  instance(id: string): DatabaseInstance {
    const found = this.instances.get(id.toLowerCase());
    if (found !== undefined) return found;
    throw new AccountRefusal('DBInstanceNotFoundFault', `DBInstance ${id} not found.`);
  }

  /** @throws AccountRefusal `DBClusterNotFoundFault`. */
  cluster(id: string): DatabaseCluster {
    const found = this.clusters.get(id.toLowerCase());
    if (found !== undefined) return found;
    throw new AccountRefusal('DBClusterNotFoundFault', `DBCluster ${id} not found.`);
  }

  /** Replicas of a source, those on their way in and out included. */
  replicasOf(source: string): readonly DatabaseInstance[] {
    return [...this.instances.values()].filter(({ replicaOf }) => replicaOf === source);
  }

  /** Members of a cluster, the writer among them. */
  membersOf(cluster: string): readonly DatabaseInstance[] {
    return [...this.instances.values()].filter((instance) => instance.cluster === cluster);
  }

  /** Instances that take no traffic from anybody but what stands behind `source`: the source of an instance, or itself. */
  sourceOf(instance: DatabaseInstance): DatabaseInstance | null {
    return instance.replicaOf === null ? null : (this.instances.get(instance.replicaOf) ?? null);
  }
}
