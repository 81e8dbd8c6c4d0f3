import { describe, expect, it } from 'vitest';
import { clientOptions } from '../../../shared/adapters/aws/client-options.ts';
import { connectRdsReplicas } from '../../../shared/adapters/aws/rds-replicas-target.ts';
import { RESOURCE_TAGS, type TrafficEndpoint, targetId } from '../../../shared/core/target.ts';
import type { PresentResource } from '../../../shared/ports/capacity-target.ts';
import { aDatabaseAccount } from '../../functions/local/aws-services/a-database-account.ts';
import { later } from '../../functions/local/aws-services/an-account.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { anOrder } from '../../support/an-order.ts';
import { aReplicasTarget } from '../../support/database-policies.ts';

const A_NAME = {
  kind: 'route53',
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  recordName: 'reader.orders.internal',
  ttlSeconds: 10,
} as const;
const A_GROUP = {
  kind: 'target-group',
  arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/orders-readers/0123456789abcdef',
  port: 5432,
} as const;

/** The adapter with the SDK's clients against the simulated account, a call each minute. */
const anAccountWith = async (endpoint: TrafficEndpoint | null) => {
  const target = aReplicasTarget({ endpoint });
  const policies = [aPolicy({ name: 'readers', target, bounds: { min: 1, max: 10 } })];
  // One replica can carry it all: lag that comes of too much load is another matter.
  const loadModel = { readsPerLoad: 0.5, writesPerLoad: 0.2, connectionsPerTask: 20, queriesPerNode: 1000 };
  const { plant, config } = await aDatabaseAccount({ policies, loadModel });
  const place = { endpoint: String(config.endpoint), region: 'us-east-1', credentials: config.credentials };
  const adapter = connectRdsReplicas(clientOptions(place), plant.databases.resolve);
  let minute = 0;
  const look = async (): Promise<PresentResource> => {
    const seen = (await adapter.describe([target], plant.now())).get(targetId(target));
    if (seen?.kind !== 'present') throw new Error(JSON.stringify(seen));
    return seen;
  };
  const passMinute = (): void => {
    minute += 1;
    for (let second = 1; second <= 60; second += 1) plant.advanceTo(later((minute - 1) * 60 + second));
  };
  const until = async (size: number, most: number, resizeId: string): Promise<PresentResource> => {
    for (let tries = 0; tries < most; tries += 1) {
      passMinute();
      const order = anOrder(size, { now: plant.now(), policy: 'readers', resizeId });
      await adapter.resize(target, order).catch((error: { retryable: boolean }) => {
        if (!error.retryable) throw error;
      });
      const seen = await look();
      const { desired, running, ready, pending } = seen.capacity;
      const done = [desired, running, ready].every((count) => count === size) && pending === 0;
      if (done && seen.unfinished === null) return seen;
    }
    throw new Error(`not at ${size} after ${most} minutes: ${JSON.stringify(await look())}`);
  };
  return { plant, look, until };
};

describe('read replicas in the simulated account', () => {
  it.each([
    ['a Route 53 name', A_NAME],
    ['a target group', A_GROUP],
    ['no endpoint', null],
  ] as const)(
    'come and go behind %s, and nothing reads from one that has never been ready',
    async (_what, endpoint) => {
      const { plant, until } = await anAccountWith(endpoint);
      await until(2, 30, 'resize-1');
      await until(4, 30, 'resize-2');
      await until(1, 30, 'resize-3');
      const { total } = plant.databases.views();
      if (endpoint !== null) {
        expect(total.neverReady).toBe(0);
        expect(total.notReady).toEqual({ unavailable: 0, lagging: 0, warming: 0, detached: 0 });
      }
      expect(total.reads).toBeGreaterThan(0);
    },
  );

  it('come through a creation that sticks, a zone that is full and deletions that are refused', async () => {
    const { plant, until } = await anAccountWith(A_NAME);
    await until(2, 30, 'resize-1');
    plant.databases.fault({ kind: 'insufficient-capacity', zone: 'us-east-1a', count: 1 });
    plant.databases.fault({ kind: 'stuck-creating' });
    await expect(until(3, 20, 'resize-2')).rejects.toThrow('"pending":1');
    plant.databases.fault({ kind: 'refuse-delete', count: 2 });
    await until(2, 20, 'resize-3');
    await until(3, 30, 'resize-4');
    const { total, instances } = plant.databases.views();
    expect(total.neverReady).toBe(0);
    expect(instances.filter(({ tags }) => RESOURCE_TAGS.leaving in tags)).toEqual([]);
  });
});
