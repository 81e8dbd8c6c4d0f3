import { beforeEach, describe, expect, it } from 'vitest';
import { everyKind } from '../../shared/adapters/memory/every-kind.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { adapterOf } from '../../shared/usecases/deps.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import type { OverrideWish } from '../../shared/usecases/override-request.ts';
import { findPolicy, type ScaleRequest, scaleByHand } from '../../shared/usecases/scale-by-hand.ts';
import { setOverride } from '../../shared/usecases/set-override.ts';
import { sweepTargets } from '../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld } from '../support/a-world.ts';

let world: AWorld;
beforeEach(() => {
  world = new AWorld([aPolicy()]);
  world.measure('cpu', 70);
});

const ask = (request: Partial<ScaleRequest> = {}) =>
  scaleByHand(world.deps, {
    service: 'web',
    instances: 8,
    reason: 'a load test',
    owner: 'ada',
    expiresInSeconds: 3600,
    ...request,
  });

const tick = async (seconds = 60) => {
  world.pass(seconds);
  world.settle();
  return sweepTargets(world.deps);
};

describe('a size set by hand', () => {
  it('is accepted with the event of the resize that it started, and its end', async () => {
    expect(await ask()).toMatchObject({
      kind: 'accepted',
      event: { type: 'ScalingStarted', cause: 'manual', from: 4, to: 8, owner: 'ada' },
      expiresAt: plusSeconds(world.now, 3600),
    });
    expect(world.service.desired).toBe(8);
    expect(await world.history()).toEqual(['OverrideSet', 'ScalingStarted']);
    expect(world.calls).not.toContain('metrics');
  });

  it('says what it overrules until it ends, and nothing where that is nothing', async () => {
    const limit = (wish: OverrideWish) =>
      setOverride(world.deps, {
        subject: { service: 'web' },
        wish,
        owner: 'grace',
        reason: 'r',
        expiresInSeconds: 600,
      });
    await limit({ kind: 'floor', size: 4, force: false });
    await limit({ kind: 'ceiling', size: 6 });
    const effect =
      'ada sets the size to 8: a load test. Until 11:00:00 it overrules the ceiling of 6 that grace set until 10:10:00 ("r").';
    expect(await ask()).toMatchObject({ kind: 'accepted', effect, event: { type: 'ScalingStarted' } });
    await tick();
    expect(await ask({ instances: 6 })).toMatchObject({ effect: 'ada sets the size to 6: a load test.' });
  });

  it('is accepted with the event of the override when the size is there already', async () => {
    expect(await ask({ instances: 4 })).toMatchObject({
      kind: 'accepted',
      event: { type: 'OverrideSet', from: 4, to: 4, owner: 'ada' },
    });
    expect(world.calls).toEqual(['describe']);
    expect((await world.state())?.overrides).toMatchObject([{ kind: 'pin', size: 4 }]);
  });

  it('holds against automation until it ends, and automation resumes by itself', async () => {
    await ask();
    world.measure('cpu', 20);
    const sizes: number[] = [];
    for (let minute = 0; minute < 62; minute += 1) {
      await tick();
      sizes.push(world.service.desired);
    }
    expect(sizes.indexOf(3)).toBe(59);
    expect(sizes.slice(0, 59).every((size) => size === 8)).toBe(true);
    expect(await world.history()).toContain('OverrideExpired');
  });

  it('takes the place of an earlier one', async () => {
    await ask();
    await tick();
    await ask({ instances: 6, owner: 'grace' });
    expect((await world.state())?.overrides).toMatchObject([{ size: 6, owner: 'grace' }]);
    expect(world.service.desired).toBe(6);
  });

  it('does not wait for a cooldown', async () => {
    world.measure('cpu', 83.2);
    await handleSignal(world.deps, world.alarm());
    await tick();
    expect(await ask()).toMatchObject({ kind: 'accepted', event: { from: 5, to: 8 } });
  });

  it('is refused while a resize is in flight, with the resize that it waits for', async () => {
    await ask();
    world.calls.length = 0;
    expect(await ask({ instances: 9 })).toEqual({
      kind: 'in-flight',
      detail: 'The resize from 4 to 8 of 10:00:00 has not settled yet.',
    });
    expect(world.calls).toEqual(['describe']);
    expect((await world.state())?.overrides).toMatchObject([{ size: 8 }]);
  });

  it.each([
    [1, 'min'],
    [0, 'min'],
    [21, 'max'],
  ] as const)('of %i is refused as outside the bounds, naming the %simum', async (instances, bound) => {
    expect(await ask({ instances })).toEqual({ kind: 'outside-bounds', min: 2, max: 20, bound });
    expect(world.calls).toEqual(['describe']);
    expect((await world.state())?.overrides).toEqual([]);
  });

  it('is refused for a service that no policy knows, naming those that there are', async () => {
    expect(await ask({ service: 'shop' })).toEqual({ kind: 'unknown-target', known: ['web'] });
    expect(await world.version()).toBe(0);
  });

  it('fails for a service that is gone, and the controller notes that it is', async () => {
    world.service.gone = true;
    await expect(ask()).rejects.toMatchObject({ code: 'target-missing', retryable: false });
    expect(await world.history()).toEqual(['TargetMissing']);
  });

  it('fails, worth another try, when the service does not answer', async () => {
    const error = new ControllerError('throttled', 'slow down', { retryable: true });
    const deps = {
      ...world.deps,
      targets: everyKind({
        ...adapterOf(world.deps.targets, 'ecs-service'),
        describe: () => Promise.reject(error),
      }),
    };
    const request = { service: 'web', instances: 8, reason: 'r', owner: 'ada', expiresInSeconds: 60 };
    await expect(scaleByHand(deps, request)).rejects.toBe(error);
    expect(await world.version()).toBe(0);
  });
});

describe('the service of a request', () => {
  const in2 = (name: string, cluster: string) =>
    aPolicy({ name, target: { kind: 'ecs-service', cluster, service: 'web' } });

  it('is a policy, a service that only one policy names, or the whole id of a target', () => {
    const policy = aPolicy({ name: 'front' });
    for (const name of ['front', 'web', 'ecs-service/prod/web'])
      expect(findPolicy([policy], name)).toBe(policy);
    expect(findPolicy([policy], 'prod/web')).toBeNull();
  });

  it('is nobody when two clusters have a service of that name', () => {
    const policies = [in2('front', 'prod'), in2('test-front', 'test')];
    expect(findPolicy(policies, 'web')).toBeNull();
    expect(findPolicy(policies, 'ecs-service/test/web')).toBe(policies[1]);
    expect(findPolicy([in2('web', 'prod'), in2('other', 'test')], 'web')?.target).toMatchObject({
      cluster: 'prod',
    });
  });
});
