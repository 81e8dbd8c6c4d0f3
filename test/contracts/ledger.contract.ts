import { describe, expect, it } from 'vitest';
import { ControllerError } from '../../shared/core/controller-error.ts';
import type { TargetState } from '../../shared/core/ledger-entry.ts';
import type { TargetId } from '../../shared/core/target.ts';
import { instant, plusSeconds } from '../../shared/core/time.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import { aState, aTargetId } from '../support/a-state.ts';
import { anEvent, TEN_O_CLOCK } from '../support/an-event.ts';
import { HandClock, type OpenStore, RETENTION_SECONDS, type Store } from './store.ts';

const WEB = aTargetId('web');
const CONFLICT = expect.objectContaining({ code: 'conflict', retryable: true });

const open = (openStore: OpenStore): Promise<Store> => openStore(new HandClock(), RETENTION_SECONDS);

async function head(ledger: Ledger, target: TargetId = WEB) {
  return (await ledger.load([target])).get(target);
}

const outboxIds = async (ledger: Ledger, target?: TargetId): Promise<readonly string[]> =>
  ((await head(ledger, target))?.outbox ?? []).map(({ id }) => id);

/** What every ledger promises. */
export function ledgerContract(openStore: OpenStore): void {
  describe('a ledger', () => {
    commits(openStore);
    outbox(openStore);
    sleepers(openStore);
  });
}

function commits(openStore: OpenStore): void {
  it('leaves a target that was never written out of the answer', async () => {
    const { ledger } = await open(openStore);
    expect(await ledger.load([WEB])).toEqual(new Map());
    expect(await ledger.load([])).toEqual(new Map());
  });

  it('creates a head with its first commit and gives back what a load finds', async () => {
    const { ledger } = await open(openStore);
    const event = anEvent();
    const entry = await ledger.commit({
      target: WEB,
      expectedVersion: 0,
      state: aState({ size: 4 }),
      events: [event],
    });
    expect(entry).toEqual({ target: WEB, version: 1, state: aState({ size: 4 }), outbox: [event] });
    expect(await head(ledger)).toEqual(entry);
  });

  it('grows the version by one with every commit', async () => {
    const { ledger } = await open(openStore);
    for (const expectedVersion of [0, 1, 2]) {
      const state = aState({ size: expectedVersion });
      const entry = await ledger.commit({ target: WEB, expectedVersion, state, events: [] });
      expect(entry).toEqual({ target: WEB, version: expectedVersion + 1, state, outbox: [] });
      expect(await head(ledger)).toEqual(entry);
    }
  });

  it.each([
    ['a stale version', 1],
    ['a version that does not exist yet', 3],
    ['a first commit where a head exists', 0],
  ])('refuses %s as a conflict and changes nothing', async (_, expectedVersion) => {
    const { ledger } = await open(openStore);
    await ledger.commit({ target: WEB, expectedVersion: 0, state: aState({ size: 1 }), events: [] });
    const winner = await ledger.commit({
      target: WEB,
      expectedVersion: 1,
      state: aState({ size: 2 }),
      events: [],
    });
    const late = ledger.commit({
      target: WEB,
      expectedVersion,
      state: aState({ size: 9, wakeAt: TEN_O_CLOCK }),
      events: [anEvent({ id: 'late' })],
    });
    await expect(late).rejects.toThrow(ControllerError);
    await expect(late).rejects.toEqual(CONFLICT);
    expect(await head(ledger)).toEqual(winner);
    expect(await ledger.due(TEN_O_CLOCK)).toEqual([]);
  });

  it('refuses a later commit to a target that has no head', async () => {
    const { ledger } = await open(openStore);
    const commit = ledger.commit({ target: WEB, expectedVersion: 1, state: aState(), events: [] });
    await expect(commit).rejects.toEqual(CONFLICT);
    expect(await head(ledger)).toBeUndefined();
  });

  it.each([0, 1])('lets exactly one of 50 concurrent commits of version %i win', async (expectedVersion) => {
    const { ledger } = await open(openStore);
    if (expectedVersion > 0)
      await ledger.commit({ target: WEB, expectedVersion: 0, state: aState(), events: [] });
    const writers = Array.from({ length: 50 }, (_, writer) => writer);
    const outcomes = await Promise.allSettled(
      writers.map((writer) =>
        ledger.commit({
          target: WEB,
          expectedVersion,
          state: aState({ size: writer }),
          events: [anEvent({ id: `event-of-${writer}` })],
        }),
      ),
    );
    const winners = writers.filter((writer) => outcomes[writer]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(reasons).toEqual(Array(49).fill(CONFLICT));
    const entry = await head(ledger);
    expect(entry?.version).toBe(expectedVersion + 1);
    expect(entry?.state.size).toBe(winners[0]);
    expect(entry?.outbox.map(({ id }) => id)).toEqual([`event-of-${winners[0]}`]);
  });

  it('loads 250 targets at once, whatever their order, repeats and gaps', async () => {
    const { ledger } = await open(openStore);
    const targets = Array.from({ length: 250 }, (_, index) => aTargetId(`service-${index}`));
    await Promise.all(
      targets.map((target, size) =>
        ledger.commit({ target, expectedVersion: 0, state: aState({ size }), events: [] }),
      ),
    );
    const asked = [...targets, aTargetId('unknown'), ...targets.slice(0, 60)].reverse();
    const entries = await ledger.load(asked);
    expect(entries.size).toBe(250);
    for (const [size, target] of targets.entries()) {
      expect(entries.get(target)).toEqual({ target, version: 1, state: aState({ size }), outbox: [] });
    }
  });

  it('gives a state back to the byte', async () => {
    const { ledger } = await open(openStore);
    const state = fullState();
    const event = anEvent({ reason: 'Größe 4 → 5 🚢 \u0000 \ud800 "\\"', owner: '' });
    await ledger.commit({ target: WEB, expectedVersion: 0, state, events: [event] });
    const first = await head(ledger);
    expect(JSON.stringify(first?.state)).toBe(JSON.stringify(state));
    expect(JSON.stringify(first?.outbox)).toBe(JSON.stringify([event]));
    const again = await ledger.commit({ target: WEB, expectedVersion: 1, state, events: [] });
    expect(JSON.stringify(again.state)).toBe(JSON.stringify(state));
  });

  it('keeps what was committed when the caller changes its objects afterwards', async () => {
    const { ledger } = await open(openStore);
    const recommendations = [{ wish: 4, since: TEN_O_CLOCK }];
    const entry = await ledger.commit({
      target: WEB,
      expectedVersion: 0,
      state: aState({ recommendations }),
      events: [],
    });
    recommendations.push({ wish: 99, since: TEN_O_CLOCK });
    expect(entry.state.recommendations).toHaveLength(1);
    expect((await head(ledger))?.state.recommendations).toHaveLength(1);
  });

  it('refuses a number that JSON cannot carry, naming it', async () => {
    const { ledger } = await open(openStore);
    const commit = ledger.commit({
      target: WEB,
      expectedVersion: 0,
      state: aState({ size: Number.NaN }),
      events: [],
    });
    await expect(commit).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('"size" is NaN'),
    });
    expect(await head(ledger)).toBeUndefined();
  });
}

function outbox(openStore: OpenStore): void {
  it('adds events to the outbox in the order of the commits and keeps those already there', async () => {
    const { ledger } = await open(openStore);
    const ids = Array.from({ length: 12 }, (_, version) => [`${WEB}@${version}.0`, `${WEB}@${version}.1`]);
    for (const [expectedVersion, pair] of ids.entries()) {
      const events = pair.map((id) => anEvent({ id }));
      await ledger.commit({ target: WEB, expectedVersion, state: aState(), events });
    }
    expect(await outboxIds(ledger)).toEqual(ids.flat());
  });

  it('takes acknowledged events off, and leaves version, state and the other events alone', async () => {
    const { ledger } = await open(openStore);
    const events = ['a.1', 'b#2', 'c:3'].map((id) => anEvent({ id }));
    const state = aState({ size: 4, wakeAt: TEN_O_CLOCK });
    await ledger.commit({ target: WEB, expectedVersion: 0, state, events });
    await ledger.acknowledge(WEB, ['a.1', 'c:3']);
    expect(await head(ledger)).toEqual({ target: WEB, version: 1, state, outbox: [events[1]] });
    expect(await ledger.due(TEN_O_CLOCK)).toHaveLength(1);
  });

  it('takes an acknowledgement twice, of unknown events, of none and of an unknown target', async () => {
    const { ledger } = await open(openStore);
    await ledger.commit({ target: WEB, expectedVersion: 0, state: aState(), events: [anEvent()] });
    const id = anEvent().id;
    await ledger.acknowledge(WEB, [id, id]);
    await ledger.acknowledge(WEB, [id]);
    await ledger.acknowledge(WEB, ['unknown']);
    await ledger.acknowledge(WEB, []);
    await ledger.acknowledge(aTargetId('unknown'), ['unknown']);
    expect(await head(ledger)).toEqual({ target: WEB, version: 1, state: aState(), outbox: [] });
    expect(await head(ledger, aTargetId('unknown'))).toBeUndefined();
  });

  it('acknowledges many events of one head', async () => {
    const { ledger } = await open(openStore);
    const ids = Array.from({ length: 120 }, (_, index) => `event-${index}`);
    for (let version = 0; version < 3; version += 1) {
      const events = ids.slice(version * 40, version * 40 + 40).map((id) => anEvent({ id }));
      await ledger.commit({ target: WEB, expectedVersion: version, state: aState(), events });
    }
    await ledger.acknowledge(WEB, ids.slice(0, 119));
    expect(await outboxIds(ledger)).toEqual(['event-119']);
  });

  it('lets commits and acknowledgements run through each other without a conflict or a lost event', async () => {
    const { ledger } = await open(openStore);
    const ids = Array.from({ length: 30 }, (_, version) => `${WEB}@${version + 1}.0`);
    const acknowledgements: Promise<void>[] = [];
    for (const [expectedVersion, id] of ids.entries()) {
      await ledger.commit({ target: WEB, expectedVersion, state: aState(), events: [anEvent({ id })] });
      // Not awaited: it lands before, during or after the next commits. Every third event stays.
      if (expectedVersion % 3 !== 0) acknowledgements.push(ledger.acknowledge(WEB, [id]));
    }
    await Promise.all(acknowledgements);
    expect((await head(ledger))?.version).toBe(30);
    expect(await outboxIds(ledger)).toEqual(ids.filter((_, index) => index % 3 === 0));
  });
}

function sleepers(openStore: OpenStore): void {
  const minutes = (count: number) => plusSeconds(TEN_O_CLOCK, 60 * count);

  it('names the targets whose time has come, the longest waiting first', async () => {
    const { ledger } = await open(openStore);
    const waits = { late: 5, now: 0, asleep: null, early: -7, soon: 0.001, middle: -2 };
    for (const [name, wait] of Object.entries(waits)) {
      const state = aState({ wakeAt: wait === null ? null : minutes(wait) });
      await ledger.commit({ target: aTargetId(name), expectedVersion: 0, state, events: [] });
    }
    expect(await ledger.due(TEN_O_CLOCK)).toEqual([
      { target: aTargetId('early'), wakeAt: minutes(-7) },
      { target: aTargetId('middle'), wakeAt: minutes(-2) },
      { target: aTargetId('now'), wakeAt: minutes(0) },
    ]);
    expect(await ledger.due(instant(0))).toEqual([]);
    expect(await ledger.due(minutes(5))).toHaveLength(5);
  });

  it('follows a target as it wakes, moves its time and goes back to sleep', async () => {
    const { ledger } = await open(openStore);
    const wakes = [null, minutes(0), minutes(3), null, minutes(1)];
    const dueAtThree: number[] = [];
    for (const [expectedVersion, wakeAt] of wakes.entries()) {
      await ledger.commit({ target: WEB, expectedVersion, state: aState({ wakeAt }), events: [] });
      const due = await ledger.due(minutes(2));
      dueAtThree.push(due.length);
      if (due.length > 0) expect(due).toEqual([{ target: WEB, wakeAt }]);
    }
    expect(dueAtThree).toEqual([0, 1, 0, 0, 1]);
  });

  it('finds every one of 300 that are due', async () => {
    const { ledger } = await open(openStore);
    const targets = Array.from({ length: 300 }, (_, index) => aTargetId(`service-${index}`));
    await Promise.all(
      targets.map((target, index) =>
        ledger.commit({
          target,
          expectedVersion: 0,
          state: aState({ wakeAt: instant(TEN_O_CLOCK - index) }),
          events: [],
        }),
      ),
    );
    const due = await ledger.due(TEN_O_CLOCK);
    expect(due.map(({ target }) => target)).toEqual(targets.toReversed());
  });
}

function fullState(): TargetState {
  return aState({
    size: 7,
    // Keys in another order than the builder's: order is part of the bytes.
    resize: {
      to: 7,
      from: 4,
      id: 'resize-ü',
      cause: 'manual',
      decisionId: '',
      signalId: 'signal "quoted" \\ \n \u2028',
      owner: 'Zoë 🚢 \ud83d',
      ready: 4,
      startedAt: TEN_O_CLOCK,
      acceptedAt: null,
      signalAt: instant(0),
    },
    lastIn: { at: instant(1.5), from: 1e-12, to: 123_456_789.123_456_78 },
    recommendations: Array.from({ length: 200 }, (_, index) => ({
      wish: index / 7,
      since: plusSeconds(TEN_O_CLOCK, -index),
    })),
    overrides: [
      {
        kind: 'pin',
        size: 7,
        owner: 'on call',
        reason: '日本語',
        setAt: TEN_O_CLOCK,
        expiresAt: TEN_O_CLOCK,
      },
    ],
    wakeAt: instant(TEN_O_CLOCK + 0.25),
  });
}
