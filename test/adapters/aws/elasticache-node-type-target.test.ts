import { describe, expect, it } from 'vitest';
import { targetId } from '../../../shared/core/target.ts';
import { aCacheAccount, aCachePolicy, NODE_TYPE, pass } from '../../support/a-cache.ts';
import { anOrder } from '../../support/an-order.ts';

const policies = [aCachePolicy(NODE_TYPE)];

const aWorld = async (cache: NonNullable<Parameters<typeof aCacheAccount>[0]['cache']> = {}) => {
  const account = await aCacheAccount({ policies, cache });
  const target = account.targets['elasticache-node-type'];
  const look = async () => (await target.describe([NODE_TYPE], account.plant.now())).get(targetId(NODE_TYPE));
  const ask = (size: number) => target.resize(NODE_TYPE, anOrder(size, { now: account.plant.now() }));
  return { ...account, look, ask };
};

describe('the node type of a replication group', () => {
  it('is a place on the ladder, and is changed in ten to twenty minutes', async () => {
    const { plant, look, ask, calls } = await aWorld();
    expect(await look()).toMatchObject({ capacity: { desired: 1, running: 1, ready: 1, pending: 0 } });
    await ask(2);
    expect(await look()).toMatchObject({ capacity: { desired: 2, running: 1, pending: 1 } });
    pass(plant, 599);
    await ask(2);
    expect(await look()).toMatchObject({ capacity: { running: 1, pending: 1 } });
    pass(plant, 602);
    expect(await look()).toMatchObject({ capacity: { desired: 2, running: 2, ready: 2, pending: 0 } });
    expect(calls.filter(({ operation }) => operation === 'ModifyReplicationGroup')).toHaveLength(1);
  });

  it('goes down only as far as the service says that the data fit', async () => {
    const { look, ask } = await aWorld({ nodeType: 'cache.m7g.2xlarge', usedMemoryShare: 0.35 });
    expect(await look()).toMatchObject({
      capacity: { desired: 3 },
      limits: [
        { direction: 'out', size: 3, detail: 'The ladder has no more node types on its way up.' },
        {
          direction: 'in',
          size: 2,
          reason: 'resource-limit',
          detail:
            'ElastiCache does not allow a change to cache.m7g.large now: its memory may not hold the data.',
        },
      ],
    });
    await expect(ask(1)).rejects.toMatchObject({ code: 'rejected', retryable: false });
    await expect(ask(9)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('no place 9'),
    });
  });

  it('that is not on the ladder is said so', async () => {
    const { look, ask } = await aWorld({ nodeType: 'cache.t4g.micro' });
    expect(await look()).toEqual({
      kind: 'missing',
      detail: expect.stringContaining('cache.t4g.micro, which is not on the ladder cache.m7g.large'),
    });
    await expect(ask(2)).rejects.toMatchObject({ code: 'target-missing' });
  });
});
