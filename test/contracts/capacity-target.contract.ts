import { describe, expect, it } from 'vitest';
import { type Target, targetId } from '../../shared/core/target.ts';
import type { CapacityTarget, Observation, PresentResource } from '../../shared/ports/capacity-target.ts';
import { anOrder } from '../support/an-order.ts';
import { NOW } from '../support/now.ts';

/** One kind of target in a small world, new for every call. */
export interface TargetWorld<T extends Target> {
  readonly adapter: CapacityTarget<T>;
  /** A resource that is there, at rest, at {@link size}, with room to grow by one. */
  readonly present: T;
  readonly size: number;
  /** A resource that is not there. */
  readonly absent: T;
  /** How many calls so far asked the service to change something. */
  changes(): number;
  /** From now on every call is answered with an error of this name and status; undefined = no longer. */
  failWith(name: string | undefined, status?: number): void;
}

/** How a contract suite gets at a kind of target. */
export type OpenTargetWorld<T extends Target> = () => Promise<TargetWorld<T>>;

function presentOf(observation: Observation | undefined): PresentResource {
  if (observation?.kind !== 'present') throw new Error(`not present: ${JSON.stringify(observation)}`);
  return observation;
}

/** What every kind of target promises, whatever it counts. */
export function capacityTargetContract<T extends Target>(kind: string, open: OpenTargetWorld<T>): void {
  describe(`${kind} as a target`, () => {
    looking(open);
    resizing(open);
    failing(open);
  });
}

function looking<T extends Target>(open: OpenTargetWorld<T>): void {
  it('answers with one observation for every target, whatever the order and however often it is named', async () => {
    const { adapter, present, absent, size } = await open();
    const seen = await adapter.describe([absent, present, present], NOW);
    expect([...seen.keys()].sort()).toEqual([targetId(absent), targetId(present)].sort());
    expect(presentOf(seen.get(targetId(present))).capacity).toMatchObject({ desired: size, pending: 0 });
  });

  it('says of a resource that is not there that it is missing, in words that name it', async () => {
    const { adapter, absent } = await open();
    const seen = (await adapter.describe([absent], NOW)).get(targetId(absent));
    const name = targetId(absent).split('/').at(-1);
    expect(seen).toEqual({ kind: 'missing', detail: expect.stringContaining(String(name)) });
  });

  it('asks nothing when there is nothing to look at, and changes nothing by looking', async () => {
    const { adapter, present, changes } = await open();
    expect((await adapter.describe([], NOW)).size).toBe(0);
    await adapter.describe([present], NOW);
    expect(changes()).toBe(0);
  });
}

function resizing<T extends Target>(open: OpenTargetWorld<T>): void {
  it('takes the size that it has for no error', async () => {
    const { adapter, present, size } = await open();
    await adapter.resize(present, anOrder(size, { from: size }));
    const seen = (await adapter.describe([present], NOW)).get(targetId(present));
    expect(presentOf(seen).capacity.desired).toBe(size);
  });

  it('goes to the size asked for, and no further when it is asked again', async () => {
    const { adapter, present, size } = await open();
    const order = anOrder(size + 1, { from: size });
    for (const _again of [1, 2, 3]) await adapter.resize(present, order);
    const seen = (await adapter.describe([present], NOW)).get(targetId(present));
    expect(presentOf(seen).capacity.desired).toBe(size + 1);
  });

  it('refuses to resize what is not there as target-missing', async () => {
    const { adapter, absent, changes } = await open();
    await expect(adapter.resize(absent, anOrder(2))).rejects.toMatchObject({
      code: 'target-missing',
      retryable: false,
    });
    expect(changes()).toBeLessThanOrEqual(1);
  });
}

function failing<T extends Target>(open: OpenTargetWorld<T>): void {
  it.each([
    ['ThrottlingException', 400, 'throttled', true],
    ['AccessDenied', 403, 'denied', false],
    ['InternalFailure', 500, 'unavailable', true],
  ] as const)('names %s for the caller, looking and resizing', async (name, status, code, retryable) => {
    const { adapter, present, size, failWith } = await open();
    failWith(name, status);
    await expect(adapter.describe([present], NOW)).rejects.toMatchObject({ code, retryable });
    await expect(adapter.resize(present, anOrder(size + 1))).rejects.toMatchObject({ code, retryable });
    failWith(undefined);
    const seen = (await adapter.describe([present], NOW)).get(targetId(present));
    expect(presentOf(seen).capacity.desired).toBe(size);
  });
}
