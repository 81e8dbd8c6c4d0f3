import { beforeEach, describe, expect, it } from 'vitest';
import { ControllerError } from '../../shared/core/controller-error.ts';
import type { Target } from '../../shared/core/target.ts';
import { type PromoteRequest, promoteReplica } from '../../shared/usecases/promote-replica.ts';
import { aReplica } from '../support/a-failover.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld } from '../support/a-world.ts';
import { aReplicasTarget } from '../support/database-policies.ts';

const REPLICAS: Target = aReplicasTarget();

const READERS: Target = {
  kind: 'aurora-readers',
  cluster: 'shop',
  classes: [],
  zones: [],
  leaving: { connections: 0, drainSeconds: 300 },
};

let world: AWorld;
beforeEach(() => {
  world = new AWorld([aPolicy({ name: 'orders-replicas', target: REPLICAS })], 3);
});

const ask = (fields: Partial<PromoteRequest> = {}) =>
  promoteReplica(world.deps, {
    service: 'orders-replicas',
    replica: null,
    reason: 'the disk is full',
    owner: 'ada',
    force: false,
    confirm: null,
    ...fields,
  });

const see = (view: Partial<AWorld['failover']['view']>) => {
  world.failover.view = { ...world.failover.view, ...view };
};

const healthy = { id: 'orders', status: 'available', healthy: true, engine: 'postgres' };

async function tokenFor(fields: Partial<PromoteRequest> = {}): Promise<string> {
  const outcome = await ask(fields);
  if (outcome.kind !== 'to-confirm') throw new Error(`not to confirm: ${outcome.kind}`);
  return outcome.confirmation.token;
}

/** Names of the checks that failed. */
async function refusedFor(fields: Partial<PromoteRequest> = {}): Promise<readonly string[]> {
  const outcome = await ask(fields);
  if (outcome.kind !== 'refused') throw new Error(`not refused: ${outcome.kind}`);
  return outcome.plan.checks.filter(({ ok }) => !ok).map(({ name }) => name);
}

async function story(): Promise<readonly string[]> {
  await world.relay();
  const { events } = await world.events.list({ order: 'oldest-first', limit: 100 });
  return events.map(({ type, owner, reason }) => `${type} ${owner}: ${reason}`);
}

describe('the first step of a promotion', () => {
  it('answers with what was looked at and a token for five minutes, and changes nothing', async () => {
    const outcome = await ask();
    expect(outcome).toMatchObject({
      kind: 'to-confirm',
      plan: { target: 'rds-replicas/orders', replica: 'orders-1', source: 'orders' },
      confirmation: { expiresAt: world.now + 300_000 },
    });
    if (outcome.kind !== 'to-confirm') throw new Error(outcome.kind);
    expect(outcome.plan.checks.map(({ detail }) => detail)).toEqual([
      'orders is storage-full.',
      'orders-1 is available.',
      'orders-1 was created by Plimsoll.',
      'orders-1 runs postgres.',
      'The lag of orders-1 is 1.5 s, within the limit of 30 s.',
      'No resize is under way.',
    ]);
    expect(outcome.plan.effect).toMatch(
      /^orders-1 becomes a database of its own .* Nothing can undo this\.$/,
    );
    expect(world.failover.promoted).toEqual([]);
    expect(await world.version()).toBe(0);
  });

  it('takes the replica that is least behind, of ours, when none is named', async () => {
    see({
      replicas: [
        aReplica({ id: 'a', lagSeconds: null }),
        aReplica({ id: 'b', lagSeconds: 9 }),
        aReplica({ id: 'c', lagSeconds: 2 }),
        aReplica({ id: 'd', lagSeconds: 0, managed: false }),
        aReplica({ id: 'e', lagSeconds: 0, leaving: true }),
        aReplica({ id: 'f', lagSeconds: 0, available: false, status: 'creating' }),
      ],
    });
    expect(await ask()).toMatchObject({ kind: 'to-confirm', plan: { replica: 'c' } });
    expect(await ask({ replica: 'D' })).toMatchObject({ kind: 'to-confirm', plan: { replica: 'd' } });
  });

  it('names those that there are when the one that is asked for is none of them', async () => {
    expect(await ask({ replica: 'orders-9' })).toEqual({
      kind: 'no-replica',
      detail: 'orders-9 is no replica of rds-replicas/orders: name one of orders-1.',
    });
    see({ replicas: [] });
    expect(await ask()).toEqual({ kind: 'no-replica', detail: 'rds-replicas/orders has no replica.' });
  });

  it('knows no other targets, and no targets without replicas', async () => {
    expect(await ask({ service: 'nobody' })).toEqual({ kind: 'unknown-target', known: ['orders-replicas'] });
    world = new AWorld([aPolicy()]);
    expect(await ask({ service: 'web' })).toMatchObject({
      kind: 'not-promotable',
      detail: expect.stringContaining('ecs-service/prod/web has no replicas'),
    });
  });
});

describe('what stands in the way of a promotion', () => {
  it('is a healthy source, unless it is forced', async () => {
    see({ source: healthy });
    expect(await refusedFor()).toEqual(['source']);
    expect(await ask({ force: true })).toMatchObject({ kind: 'to-confirm' });
  });

  it('is no source that is missing', async () => {
    see({ source: null });
    expect(await ask()).toMatchObject({ kind: 'to-confirm', plan: { source: null } });
  });

  it.each([null, 31])(
    'is a lag of %s, unless it is forced: a replica without a source knows none',
    async (lagSeconds) => {
      see({ replicas: [aReplica({ lagSeconds })] });
      expect(await refusedFor()).toEqual(['lag']);
      expect(await ask({ force: true })).toMatchObject({ kind: 'to-confirm' });
    },
  );

  it.each<[string, () => unknown]>([
    ['replica', () => see({ replicas: [aReplica({ available: false, status: 'backing-up' })] })],
    ['replica', () => see({ replicas: [aReplica({ leaving: true })] })],
    ['choice', () => see({ replicas: [aReplica({ managed: false })] })],
    ['engine', () => see({ replicas: [aReplica({ engine: 'oracle-ee' })] })],
    ['engine', () => see({ replicas: [aReplica({ engine: '' })] })],
    ['engine', () => see({ replicas: [aReplica({ engine: 'mysql' })] })],
    ['in-flight', () => see({ busy: 'The cluster shop is failing over.' })],
  ])('is, whatever is forced, %s %#', async (name, prepare) => {
    prepare();
    expect(await refusedFor()).toEqual([name]);
    expect(await refusedFor({ force: true })).toEqual([name]);
  });

  it('is a resize in flight, whatever is forced', async () => {
    world.measure('cpu', 140);
    await startAResize();
    expect(await refusedFor({ force: true })).toEqual(['in-flight']);
  });

  it('is told at once, all of it', async () => {
    see({ source: healthy, replicas: [aReplica({ managed: false, lagSeconds: null })] });
    expect(await refusedFor()).toEqual(['source', 'choice', 'lag']);
  });
});

async function startAResize(): Promise<void> {
  const { scaleByHand } = await import('../../shared/usecases/scale-by-hand.ts');
  const request = {
    service: 'orders-replicas',
    instances: 5,
    reason: 'x',
    owner: 'ada',
    expiresInSeconds: 600,
  };
  expect(await scaleByHand(world.deps, request)).toMatchObject({ kind: 'accepted' });
}

describe('the second step of a promotion', () => {
  it('promotes, and writes that it will before and how it went after', async () => {
    const confirm = await tokenFor();
    world.pass(120);
    const before: string[] = [];
    world.failover.onPromote = async () => {
      before.push(...(await story()));
    };
    const outcome = await ask({ confirm });
    expect(outcome).toMatchObject({ kind: 'promoted', event: { type: 'ReplicaPromoted', owner: 'ada' } });
    expect(world.failover.promoted).toEqual(['orders-1']);
    expect(before).toEqual([
      'PromotionStarted ada: ada promotes orders-1: the disk is full. orders is storage-full.',
    ]);
    expect(await story()).toEqual([
      ...before,
      'ReplicaPromoted ada: AWS accepted to promote orders-1 in the place of orders: the disk is full.',
    ]);
    expect((await world.state())?.wakeAt).toBeLessThanOrEqual(world.now);
  });

  it('writes what it was forced past', async () => {
    see({ source: healthy, replicas: [aReplica({ lagSeconds: null })] });
    const confirm = await tokenFor({ force: true });
    await ask({ force: true, confirm, reason: 'we move to another zone' });
    expect((await story())[0]).toBe(
      'PromotionStarted ada: ada promotes orders-1: we move to another zone. ' +
        'Forced past source: orders is available: it takes writes, and nothing has to take its place. ' +
        'Forced past lag: The lag of orders-1 is unknown: how many writes would be lost cannot be said.',
    );
  });

  it.each<[string, () => unknown, RegExp]>([
    ['after five minutes', () => world.pass(301), /older than five minutes/],
    [
      'with the source in another state',
      () => see({ source: { ...healthy, healthy: false, status: 'failed' } }),
      /another state/,
    ],
    [
      'with the replica in another state',
      () => see({ replicas: [aReplica({ status: 'Available' })] }),
      /another state/,
    ],
    ['with another best replica', () => see({ replicas: [aReplica({ id: 'orders-0' })] }), /another replica/],
  ])('is not done %s', async (_case, meanwhile, detail) => {
    const confirm = await tokenFor();
    meanwhile();
    expect(await ask({ confirm })).toMatchObject({
      kind: 'not-confirmed',
      detail: expect.stringMatching(detail),
    });
    expect(world.failover.promoted).toEqual([]);
    expect(await story()).toEqual([]);
  });

  it('is not done with a token of another force, or none of ours', async () => {
    const confirm = await tokenFor({ force: true });
    expect(await ask({ confirm })).toMatchObject({ kind: 'not-confirmed' });
    for (const token of ['yes', 'zzzzzzzz-0123456789abcdef', '']) {
      expect(await ask({ confirm: token })).toMatchObject({ kind: 'not-confirmed' });
    }
  });

  it('looks at everything again: what has come into the way meanwhile stops it', async () => {
    const confirm = await tokenFor();
    see({ source: healthy });
    expect(await refusedFor({ confirm })).toEqual(['source']);
  });

  it('promotes once, although another writer of the ledger is first', async () => {
    const confirm = await tokenFor();
    const commit = world.ledger.commit.bind(world.ledger);
    let conflicts = 2;
    world.ledger.commit = (wish) => {
      conflicts -= 1;
      return conflicts === 1 || conflicts === -1
        ? Promise.reject(new ControllerError('conflict', 'somebody was first', { retryable: true }))
        : commit(wish);
    };
    expect(await ask({ confirm })).toMatchObject({ kind: 'promoted' });
    expect(world.failover.promoted).toEqual(['orders-1']);
    expect((await story()).map((line) => line.split(' ')[0])).toEqual([
      'PromotionStarted',
      'ReplicaPromoted',
    ]);
  });

  it('does not promote what it could not write down', async () => {
    const confirm = await tokenFor();
    world.ledger.commit = () =>
      Promise.reject(new ControllerError('throttled', 'slow down', { retryable: true }));
    await expect(ask({ confirm })).rejects.toThrow('slow down');
    expect(world.failover.promoted).toEqual([]);
  });

  it.each([
    [false, /not promoted: no\.$/],
    [true, /not promoted: no\. Look at orders-1 before you ask again/],
  ])('writes that AWS refused (retryable: %s)', async (retryable, reason) => {
    const confirm = await tokenFor();
    world.failover.onPromote = () =>
      new ControllerError(retryable ? 'unavailable' : 'rejected', 'no', { retryable });
    expect(await ask({ confirm })).toMatchObject({
      kind: 'failed',
      event: { type: 'PromotionFailed', reason: expect.stringMatching(reason) },
    });
    expect((await story()).map((line) => line.split(' ')[0])).toEqual([
      'PromotionStarted',
      'PromotionFailed',
    ]);
  });

  it('leaves a trace when it crashes between the record and its outcome', async () => {
    const confirm = await tokenFor();
    world.failover.onPromote = () => new Error('the lights went out');
    await expect(ask({ confirm })).rejects.toThrow('the lights went out');
    expect((await story()).map((line) => line.split(' ')[0])).toEqual(['PromotionStarted']);
  });

  it('makes a reader of an Aurora cluster the writer, however far it seems to be behind', async () => {
    world = new AWorld([aPolicy({ name: 'shop', target: READERS })], 2);
    see({
      source: { id: 'shop-w', status: 'failed', healthy: false, engine: 'aurora-mysql' },
      replicas: [aReplica({ id: 'shop-1', engine: 'aurora-mysql', lagSeconds: null })],
      losesLag: false,
    });
    const confirm = await tokenFor({ service: 'aurora-readers/shop' });
    expect(await ask({ service: 'shop', confirm })).toMatchObject({
      kind: 'promoted',
      plan: { effect: expect.stringMatching(/^shop-1 becomes the writer of the cluster shop/) },
    });
  });
});
