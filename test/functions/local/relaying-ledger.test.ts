import { beforeEach, describe, expect, it } from 'vitest';
import { type Relay, relayingLedger } from '../../../functions/local/relaying-ledger.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import { handleSignal } from '../../../shared/usecases/handle-signal.ts';
import { relayEvents } from '../../../shared/usecases/relay-events.ts';
import { sweepTargets } from '../../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aState } from '../../support/a-state.ts';
import { AWorld } from '../../support/a-world.ts';
import { anEvent } from '../../support/an-event.ts';

let world: AWorld;
beforeEach(() => {
  world = new AWorld([aPolicy()]);
  world.measure('cpu', 83.2);
  failures = [];
});

let failures: string[];

/** The world, over a ledger that relays. */
const relaying = (relay: Relay) => ({ ...world.deps, ledger: ledgerWith(relay) });
const ledgerWith = (relay: Relay) =>
  relayingLedger(world.ledger, relay, (target, error) => failures.push(`${target}: ${error}`));
const published = () => world.sink.published.map(({ type }) => type);

describe('a ledger that relays', () => {
  it('carries events on right after the commit, each once', async () => {
    const deps = relaying((target, events) => relayEvents(world.deps, target, events));
    await handleSignal(deps, world.alarm());
    expect(published()).toEqual(['ScalingStarted']);
    for (let minute = 0; minute < 5; minute += 1) {
      world.pass(60);
      world.settle();
      await sweepTargets(deps);
    }
    const ids = world.sink.published.map(({ id }) => id);
    expect(published().slice(0, 2)).toEqual(['ScalingStarted', 'ScalingCompleted']);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await world.ledger.load([world.target])).get(world.target)?.outbox).toEqual([]);
  });

  it('does not fail a commit whose events it could not carry on: the sweep takes them', async () => {
    let broken = true;
    const deps = relaying(async (target, events) => {
      if (broken) throw new Error('the bus is down');
      await relayEvents(world.deps, target, events);
    });
    const decision = await handleSignal(deps, world.alarm());
    expect(decision).toMatchObject({ kind: 'resize', to: 5 });
    expect(world.service.desired).toBe(5);
    expect(published()).toEqual([]);
    expect(failures).toEqual([`${world.target}: Error: the bus is down`]);
    broken = false;
    world.pass(60);
    await sweepTargets(deps);
    expect(published()).toEqual(['ScalingStarted']);
  });

  it('shows in the outbox what is still there: it keeps the target awake', async () => {
    const commit = { target: world.target, state: aState(), events: [anEvent()] };
    const down = ledgerWith(() => Promise.reject(new Error('the bus is down')));
    const held = await down.commit({ ...commit, expectedVersion: 0 });
    expect(held).toMatchObject({ version: 1, outbox: [anEvent()] });
    const up = ledgerWith((target, events) => relayEvents(world.deps, target, events));
    const later = anEvent({ id: 'later' });
    expect(await up.commit({ ...commit, expectedVersion: 1, events: [later] })).toMatchObject({
      version: 2,
      outbox: [anEvent()],
    });
  });

  it('relays nothing for a commit without events, nor for one that was refused', async () => {
    const relayed: string[] = [];
    const ledger = ledgerWith(async (target) => {
      relayed.push(target);
    });
    await handleSignal(world.deps, world.alarm());
    const entry = (await ledger.load([world.target])).get(world.target);
    const state = entry?.state;
    if (state === undefined) throw new Error('nothing was stored');
    const commit = { target: world.target, expectedVersion: entry?.version ?? 0, state, events: [] };
    await ledger.commit(commit);
    const late = ledger.commit({ ...commit, events: entry?.outbox ?? [] });
    await expect(late).rejects.toBeInstanceOf(ControllerError);
    expect(relayed).toEqual([]);
    expect(await ledger.due(world.now)).toEqual(await world.ledger.due(world.now));
  });
});
