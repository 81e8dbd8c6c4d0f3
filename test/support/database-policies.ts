import type { Policy } from '../../shared/core/policy.ts';
import type { AuroraReadersTarget, RdsReplicasTarget } from '../../shared/core/target.ts';
import { aPolicy } from './a-policy.ts';

/** A target of read replicas of `orders`; tests say only what matters to them. */
export const aReplicasTarget = (overrides: Partial<RdsReplicasTarget> = {}): RdsReplicasTarget => ({
  kind: 'rds-replicas',
  source: 'orders',
  classes: [],
  zones: [],
  maxLagSeconds: 30,
  warmUp: null,
  leaving: { connections: 0, drainSeconds: 300 },
  endpoint: null,
  ...overrides,
});

const readersOfLedger: AuroraReadersTarget = {
  kind: 'aurora-readers',
  cluster: 'ledger',
  classes: [],
  zones: [],
  leaving: { connections: 0, drainSeconds: 300 },
};

/** Policies for a service, two replicas of `orders` and of `stock`, and two readers of the Aurora cluster `ledger`. */
export const databasePolicies: readonly Policy[] = [
  aPolicy({ name: 'web' }),
  aPolicy({ name: 'readers', target: aReplicasTarget(), bounds: { min: 2, max: 10 } }),
  aPolicy({ name: 'stock', target: aReplicasTarget({ source: 'stock' }), bounds: { min: 2, max: 10 } }),
  aPolicy({ name: 'ledger', target: readersOfLedger, bounds: { min: 2, max: 10 } }),
];
