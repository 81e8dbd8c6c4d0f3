import { describe, expect, it } from 'vitest';
import { plusSeconds } from '../../shared/core/time.ts';
import { createPlant, type Plant } from '../../shared/simulation/plant.ts';
import { constantWorkload } from '../../shared/simulation/workload.ts';
import { aCachePolicy, CACHE_START, pass, SHARDS } from '../support/a-cache.ts';
import { fc } from '../support/fast-check.ts';

const aPlant = (seed: number): Plant =>
  createPlant({
    policies: [aCachePolicy(SHARDS)],
    workload: constantWorkload(10, CACHE_START, plusSeconds(CACHE_START, 86_400)),
    start: CACHE_START,
    seed,
    caches: { sessions: { shards: 3, replicas: 1 } },
  });

const viewOf = (plant: Plant) => {
  const answer = plant.caches.describe('sessions');
  if (answer.kind === 'refused') throw new Error(answer.message);
  return answer.value;
};

const call = fc.oneof(
  fc.record({ what: fc.constant('replicas' as const), size: fc.integer({ min: 0, max: 6 }) }),
  fc.record({ what: fc.constant('shards' as const), size: fc.integer({ min: 0, max: 6 }) }),
);
const steps = fc.array(fc.record({ call, seconds: fc.integer({ min: 0, max: 900 }) }), { maxLength: 8 });

interface Call {
  readonly what: 'replicas' | 'shards';
  readonly size: number;
}

/** Whether it was accepted. */
function ask(plant: Plant, { what, size }: Call): boolean {
  const { shards } = viewOf(plant);
  if (what === 'shards') {
    return (
      plant.caches.setShards(
        'sessions',
        size,
        shards.slice(size).map(({ id }) => id),
      ).kind === 'accepted'
    );
  }
  const current = (shards[0]?.nodes.length ?? 1) - 1;
  return (
    plant.caches.setReplicas('sessions', size, size > current ? 'increase' : 'decrease').kind === 'accepted'
  );
}

/** The first and last slot of every shard that holds some, in order. */
const slotsOf = (plant: Plant): readonly (readonly number[])[] =>
  viewOf(plant).shards.flatMap(({ slots }) => (slots === '' ? [] : [slots.split('-').map(Number)]));

function expectWholeSlots(plant: Plant): void {
  const slots = slotsOf(plant);
  expect([slots.at(0)?.at(0), slots.at(-1)?.at(-1)]).toEqual([0, 16_383]);
  const firsts = slots.slice(1).map(([first]) => first);
  expect(firsts).toEqual(slots.slice(0, -1).map(([, last = -1]) => last + 1));
}

function expectPrimaries(plant: Plant): void {
  for (const { id, nodes } of viewOf(plant).shards) {
    const primaries = nodes.filter(({ role }) => role === 'primary').map((node) => node.id);
    expect(primaries).toEqual([`sessions-${id}-001`]);
    expect(new Set(nodes.map((node) => node.id)).size).toBe(nodes.length);
  }
}

describe('a simulated cache, whatever is asked of it and when', () => {
  it('always has every slot once, a primary in every shard, and one thing under way', () => {
    const run = (seed: number, plan: readonly { readonly call: Call; readonly seconds: number }[]): void => {
      const plant = aPlant(seed);
      for (const { call: asked, seconds } of plan) {
        const wasBusy = viewOf(plant).status !== 'available';
        expect(wasBusy && ask(plant, asked)).toBe(false);
        if (!wasBusy) ask(plant, asked);
        pass(plant, seconds);
        expectWholeSlots(plant);
        expectPrimaries(plant);
      }
      pass(plant, 1500);
      expect(viewOf(plant).status).toBe('available');
      expect(viewOf(plant).shards.every(({ slots }) => slots !== '')).toBe(true);
    };
    fc.assert(fc.property(fc.integer(), steps, run), { numRuns: 40 });
  });
});
