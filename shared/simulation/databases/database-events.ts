import type { Instant } from '../../core/time.ts';
import { isoMillis, isoSeconds } from '../iso-time.ts';
import { type AccountIdentity, arnOf, type PlantEvent } from '../plant-event.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { ClusterHappening, DatabaseCluster } from './database-cluster.ts';
import type { DatabaseInstance, InstanceHappening } from './database-instance.ts';

interface Words {
  readonly category: string;
  readonly id: string;
  readonly message: string;
}

/** Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html */
const INSTANCE_WORDS: Readonly<Record<InstanceHappening, Words>> = {
  created: { category: 'creation', id: 'RDS-EVENT-0005', message: 'DB instance created.' },
  deleted: { category: 'deletion', id: 'RDS-EVENT-0003', message: 'DB instance deleted.' },
  'backup-started': { category: 'backup', id: 'RDS-EVENT-0001', message: 'Backing up DB instance.' },
  'backup-finished': { category: 'backup', id: 'RDS-EVENT-0002', message: 'Finished DB instance backup.' },
  'class-change-started': {
    category: 'configuration change',
    id: 'RDS-EVENT-0012',
    message: 'Applying modification to database instance class.',
  },
  'class-change-finished': {
    category: 'configuration change',
    id: 'RDS-EVENT-0014',
    message: 'Finished applying modification to DB instance class.',
  },
  restarted: { category: 'availability', id: 'RDS-EVENT-0006', message: 'DB instance restarted.' },
  'replication-stopped': {
    category: 'read replica',
    id: 'RDS-EVENT-0057',
    message: 'Replication streaming has been terminated.',
  },
  'replication-resumed': {
    category: 'read replica',
    id: 'RDS-EVENT-0046',
    message: 'Replication for the Read Replica resumed.',
  },
  failed: { category: 'failure', id: 'RDS-EVENT-0031', message: 'DB instance put into failed state.' },
};

const CLUSTER_WORDS: Readonly<Record<ClusterHappening['kind'], (to: string) => Words>> = {
  'failover-started': (to) => ({
    category: 'failover',
    id: 'RDS-EVENT-0073',
    message: `Started failover to DB instance: ${to}`,
  }),
  'failover-completed': (to) => ({
    category: 'failover',
    id: 'RDS-EVENT-0071',
    message: `Completed failover to DB instance: ${to}`,
  }),
};

/** Puts what happens to databases into the words of RDS in EventBridge. Identifiers are seeded. */
export class DatabaseEvents {
  readonly #identity: AccountIdentity;
  readonly #random: SeededRandom;

  constructor(identity: AccountIdentity, random: SeededRandom) {
    this.#identity = identity;
    this.#random = random;
  }

  /** "RDS DB Instance Event". */
  instance({ id, tags }: DatabaseInstance, happening: InstanceHappening, at: Instant): PlantEvent {
    const subject = {
      type: 'DB_INSTANCE',
      kind: 'Instance',
      id,
      arn: arnOf(this.#identity, 'rds', `db:${id}`),
    };
    return this.#event(subject, INSTANCE_WORDS[happening], Object.fromEntries(tags), at);
  }

  /** "RDS DB Cluster Event". */
  cluster({ id, tags }: DatabaseCluster, happening: ClusterHappening, at: Instant): PlantEvent {
    const subject = {
      type: 'CLUSTER',
      kind: 'Cluster',
      id,
      arn: arnOf(this.#identity, 'rds', `cluster:${id}`),
    };
    return this.#event(subject, CLUSTER_WORDS[happening.kind](happening.to), Object.fromEntries(tags), at);
  }

  #event(
    subject: { readonly type: string; readonly kind: string; readonly id: string; readonly arn: string },
    { category, id, message }: Words,
    tags: Readonly<Record<string, string>>,
    at: Instant,
  ): PlantEvent {
    return {
      version: '0',
      id: this.#random.uuid(),
      'detail-type': `RDS DB ${subject.kind} Event`,
      source: 'aws.rds',
      account: this.#identity.account,
      time: isoSeconds(at),
      region: this.#identity.region,
      resources: [subject.arn],
      detail: {
        EventCategories: [category],
        SourceType: subject.type,
        SourceArn: subject.arn,
        Date: isoMillis(at),
        Message: message,
        SourceIdentifier: subject.id,
        EventID: id,
        Tags: tags,
      },
    };
  }
}
