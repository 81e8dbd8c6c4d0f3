import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { awsTargets } from '../../../shared/adapters/aws/targets.ts';
import type { CapacityTarget, CapacityTargets } from '../../../shared/ports/capacity-target.ts';
import { capacityTargetContract, type TargetWorld } from '../../contracts/capacity-target.contract.ts';
import {
  aCacheAccount,
  aCachePolicy,
  type CacheTarget,
  NODE_TYPE,
  REPLICAS,
  SHARDS,
} from '../../support/a-cache.ts';

const CHANGES = /^(Increase|Decrease|Modify)/;

/** A kind of target of the group `sessions`, whose calls can be made to fail. */
const opening =
  <T extends CacheTarget>(present: T, size: number, of: (targets: CapacityTargets) => CapacityTarget<T>) =>
  async (): Promise<TargetWorld<T>> => {
    let failure: Error | undefined;
    const { options, calls } = await aCacheAccount({
      policies: [aCachePolicy(present)],
      cache: { shards: 2, replicas: 1, clusterMode: present.kind === 'elasticache-shards' },
      faults: ({ service }) => (service === 'elasticache' ? failure : undefined),
    });
    return {
      adapter: of(awsTargets({ ...options, maxAttempts: 1 })),
      present,
      size,
      absent: { ...present, replicationGroup: 'nowhere' },
      changes: () => calls.filter(({ operation }) => CHANGES.test(operation)).length,
      failWith: (name, status) => {
        failure = name === undefined ? undefined : awsError(name, 'as the test wants it', status);
      },
    };
  };

capacityTargetContract(
  'elasticache-replicas',
  opening(REPLICAS, 1, (targets) => targets['elasticache-replicas']),
);
capacityTargetContract(
  'elasticache-shards',
  opening(SHARDS, 2, (targets) => targets['elasticache-shards']),
);
capacityTargetContract(
  'elasticache-node-type',
  opening(NODE_TYPE, 1, (targets) => targets['elasticache-node-type']),
);
