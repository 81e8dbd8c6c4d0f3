import { describe, expect, it } from 'vitest';
import { RecordingSink } from '../../shared/adapters/memory/recording-sink.ts';
import type { ControllerEvent } from '../../shared/core/controller-event.ts';
import type { EventSink } from '../../shared/ports/event-sink.ts';
import type { RelayDeps } from '../../shared/usecases/deps.ts';
import { relayEvents } from '../../shared/usecases/relay-events.ts';
import { aState, aTargetId } from '../support/a-state.ts';
import { anEvent } from '../support/an-event.ts';
import { HandClock, type OpenStore, RETENTION_SECONDS, type Store } from './store.ts';

const WEB = aTargetId('web');
const STEPS = ['append', 'publish', 'acknowledge'] as const;
type Step = (typeof STEPS)[number];
type When = 'before' | 'after';

class Crash extends Error {}

/** Ends the process, as it were, before or after one step of the relay. */
function crashingAt(store: Store, sink: EventSink, step: Step, when: When): RelayDeps {
  const around = (name: Step, work: () => Promise<void>) => async (): Promise<void> => {
    if (name === step && when === 'before') throw new Crash(`before ${name}`);
    await work();
    if (name === step) throw new Crash(`after ${name}`);
  };
  return {
    events: {
      append: (events) => around('append', () => store.history.append(events))(),
      list: (query) => store.history.list(query),
    },
    sinks: [{ publish: (events) => around('publish', () => sink.publish(events))() }],
    outbox: {
      acknowledge: (target, ids) => around('acknowledge', () => store.ledger.acknowledge(target, ids))(),
    },
  };
}

/** What ledger and history promise together: an event that was committed appears, and appears once. */
export function relayContract(openStore: OpenStore): void {
  const listed = async ({ history }: Store): Promise<readonly ControllerEvent[]> =>
    (await history.list({ order: 'oldest-first', limit: 100 })).events;

  const committed = async (store: Store): Promise<readonly ControllerEvent[]> => {
    const events = [anEvent({ id: `${WEB}@1.0` }), anEvent({ id: `${WEB}@1.1`, type: 'ScalingHeld' })];
    await store.ledger.commit({ target: WEB, expectedVersion: 0, state: aState(), events });
    return events;
  };

  const waiting = async ({ ledger }: Store): Promise<readonly ControllerEvent[]> =>
    (await ledger.load([WEB])).get(WEB)?.outbox ?? [];

  describe('ledger and history together', () => {
    it('keep an event whose relay never ran until the next relay takes it', async () => {
      const store = await openStore(new HandClock(), RETENTION_SECONDS);
      const events = await committed(store);
      expect(await listed(store)).toEqual([]);
      const sink = new RecordingSink();
      await relayEvents(
        { events: store.history, sinks: [sink], outbox: store.ledger },
        WEB,
        await waiting(store),
      );
      expect(await listed(store)).toEqual(events);
      expect(sink.published).toEqual(events);
      expect(await waiting(store)).toEqual([]);
    });

    it.each(STEPS.flatMap((step) => [['before', step] as const, ['after', step] as const]))(
      'show an event once though the relay crashed %s %s',
      async (when, step) => {
        const store = await openStore(new HandClock(), RETENTION_SECONDS);
        const events = await committed(store);
        const sink = new RecordingSink();
        const crashing = relayEvents(crashingAt(store, sink, step, when), WEB, await waiting(store));
        await expect(crashing).rejects.toThrow(Crash);
        await relayEvents(
          { events: store.history, sinks: [sink], outbox: store.ledger },
          WEB,
          await waiting(store),
        );
        expect(await listed(store)).toEqual(events);
        expect(new Set(sink.published.map(({ id }) => id))).toEqual(new Set(events.map(({ id }) => id)));
        expect(await waiting(store)).toEqual([]);
      },
    );

    it('show every event once when two relays take the same outbox at the same time', async () => {
      const store = await openStore(new HandClock(), RETENTION_SECONDS);
      const events = await committed(store);
      const outbox = await waiting(store);
      const deps = { events: store.history, sinks: [], outbox: store.ledger };
      await Promise.all([relayEvents(deps, WEB, outbox), relayEvents(deps, WEB, outbox)]);
      expect(await listed(store)).toEqual(events);
      expect(await waiting(store)).toEqual([]);
    });
  });
}
