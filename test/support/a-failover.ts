import type { Failover, FailoverView, ReplicaView } from '../../shared/ports/failover.ts';

/** A replica that may be promoted, unless a test says otherwise. */
export const aReplica = (overrides: Partial<ReplicaView> = {}): ReplicaView => ({
  id: 'orders-1',
  status: 'available',
  available: true,
  engine: 'postgres',
  lagSeconds: 1.5,
  managed: true,
  leaving: false,
  ...overrides,
});

/** A database whose source has failed, with one good replica; tests change what matters to them. */
export class AFailover implements Failover {
  view: FailoverView = {
    source: { id: 'orders', status: 'storage-full', healthy: false, engine: 'postgres' },
    replicas: [aReplica()],
    busy: null,
    losesLag: true,
  };
  readonly promoted: string[] = [];
  /** Asked before each promotion; an error there is its end. */
  onPromote: () => unknown = () => undefined;

  async look(): Promise<FailoverView> {
    return this.view;
  }

  async promote(_target: unknown, replica: string): Promise<void> {
    const error = await this.onPromote();
    if (error !== undefined) throw error;
    this.promoted.push(replica);
  }
}
