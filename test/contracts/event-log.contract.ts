import { beforeAll, describe, expect, it } from 'vitest';
import type { ControllerEvent } from '../../shared/core/controller-event.ts';
import { instant, plusSeconds } from '../../shared/core/time.ts';
import type { EventLog, EventQuery } from '../../shared/ports/event-log.ts';
import { aTargetId } from '../support/a-state.ts';
import { anEvent, TEN_O_CLOCK } from '../support/an-event.ts';
import { HandClock, type OpenStore, RETENTION_SECONDS } from './store.ts';

const INVALID = expect.objectContaining({ code: 'invalid', retryable: false });
const ORDERS = ['oldest-first', 'newest-first'] as const;
const WEB = aTargetId('web');

const idsOf = (events: readonly ControllerEvent[]): readonly string[] => events.map(({ id }) => id);

/** Follows the cursors from the first page to the last; every page but the last must be full. */
async function everyPage(log: EventLog, query: EventQuery): Promise<readonly ControllerEvent[]> {
  const events: ControllerEvent[] = [];
  let cursor: string | null = null;
  do {
    const page = await log.list(cursor === null ? query : { ...query, cursor });
    if (page.cursor !== null) expect(page.events).toHaveLength(query.limit);
    else expect(events.length === 0 || page.events.length > 0).toBe(true);
    events.push(...page.events);
    cursor = page.cursor;
  } while (cursor !== null);
  return events;
}

/** What every history of scaling events promises. */
export function eventLogContract(openStore: OpenStore): void {
  describe('a history', () => {
    storing(openStore);
    expiry(openStore);
    badInput(openStore);
    aThousandEvents(openStore);
  });
}

const open = async (openStore: OpenStore, clock = new HandClock()): Promise<EventLog> =>
  (await openStore(clock, RETENTION_SECONDS)).history;

function storing(openStore: OpenStore): void {
  it('is empty at first, and stays so when nothing is appended', async () => {
    const log = await open(openStore);
    await log.append([]);
    expect(await log.list({ order: 'newest-first', limit: 10 })).toEqual({ events: [], cursor: null });
    expect(await log.list({ target: WEB, order: 'newest-first', limit: 10 })).toEqual({
      events: [],
      cursor: null,
    });
  });

  it('gives events back to the byte', async () => {
    const log = await open(openStore);
    const event = anEvent({ reason: 'Größe 4 → 5 🚢 \u0000 \ud800', owner: '', from: 1e-12, to: null });
    await log.append([event]);
    for (const query of [{}, { target: WEB }]) {
      const { events } = await log.list({ ...query, order: 'oldest-first', limit: 1 });
      expect(JSON.stringify(events)).toBe(JSON.stringify([event]));
    }
  });

  it('keeps an event that was stored before as it is, also beside new ones', async () => {
    const log = await open(openStore);
    const first = anEvent({ id: 'one', reason: 'first' });
    const later = anEvent({ id: 'two' });
    await log.append([first]);
    await log.append([anEvent({ id: 'one', reason: 'again' }), later]);
    await log.append([later, later]);
    expect((await log.list({ order: 'oldest-first', limit: 100 })).events).toEqual([first, later]);
  });

  it('orders the events of one millisecond by version and index, as numbers', async () => {
    const log = await open(openStore);
    const ids = ['@9.0', '@9.2', '@9.10', '@10.0', '@100.1'].map((suffix) => `${WEB}${suffix}`);
    await log.append(ids.toReversed().map((id) => anEvent({ id })));
    for (const query of [{}, { target: WEB }]) {
      expect(idsOf(await everyPage(log, { ...query, order: 'oldest-first', limit: 2 }))).toEqual(ids);
      expect(idsOf(await everyPage(log, { ...query, order: 'newest-first', limit: 2 }))).toEqual(
        ids.toReversed(),
      );
    }
  });

  it('says with the last full page that nothing follows', async () => {
    const log = await open(openStore);
    await log.append(['a', 'b', 'c', 'd'].map((id) => anEvent({ id })));
    const first = await log.list({ order: 'oldest-first', limit: 2 });
    expect(first.cursor).not.toBeNull();
    const second = await log.list({ order: 'oldest-first', limit: 2, cursor: first.cursor ?? '' });
    expect(idsOf([...first.events, ...second.events])).toEqual(['a', 'b', 'c', 'd']);
    expect(second.cursor).toBeNull();
  });

  it('goes on after the cursor when events arrive between two pages', async () => {
    const log = await open(openStore);
    const at = (second: number): ControllerEvent =>
      anEvent({ id: `at-${second}`, at: plusSeconds(TEN_O_CLOCK, second) });
    await log.append([at(2), at(4), at(6)]);
    const first = await log.list({ order: 'newest-first', limit: 2 });
    await log.append([at(1), at(5), at(8)]);
    const rest = await log.list({ order: 'newest-first', limit: 9, cursor: first.cursor ?? '' });
    expect(idsOf([...first.events, ...rest.events])).toEqual(['at-6', 'at-4', 'at-2', 'at-1']);
  });
}

function expiry(openStore: OpenStore): void {
  it('leaves out events whose retention is over, to the second, in full pages', async () => {
    const clock = new HandClock();
    const log = await open(openStore, clock);
    const ages = Array.from({ length: 20 }, (_, index) => index);
    await log.append(ages.map((age) => anEvent({ id: `age-${age}`, at: plusSeconds(TEN_O_CLOCK, -age) })));
    const seen = async (query: Partial<EventQuery>): Promise<readonly string[]> =>
      idsOf(await everyPage(log, { order: 'oldest-first', limit: 2, ...query }));
    expect(await seen({})).toHaveLength(20);
    clock.advance(RETENTION_SECONDS - 5);
    const young = ['age-4', 'age-3', 'age-2', 'age-1', 'age-0'];
    expect(await seen({})).toEqual(young);
    expect(await seen({ target: WEB })).toEqual(young);
    expect(await seen({ type: 'ScalingStarted' })).toEqual(young);
    expect(await seen({ order: 'newest-first' })).toEqual(young.toReversed());
    clock.advance(5);
    expect(await seen({})).toEqual([]);
  });
}

function badInput(openStore: OpenStore): void {
  it.each([0, -1, 101, 1.5, Number.NaN])('refuses a limit of %d', async (limit) => {
    const log = await open(openStore);
    await expect(log.list({ order: 'newest-first', limit })).rejects.toEqual(INVALID);
  });

  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each([
    ['empty', ''],
    ['text', 'not a cursor'],
    ['of another program', encoded({ pk: 'target#web', sk: 'head' })],
    ['with a time that is text', encoded(['all', WEB, '10:00', 'id'])],
    ['with a time below zero', encoded(['all', WEB, -1, 'id'])],
    ['with a time beyond all keys', encoded(['all', WEB, 1e15, 'id'])],
    ['with a number for an id', encoded(['all', WEB, TEN_O_CLOCK, 7])],
    ['too long', encoded(['all', WEB, TEN_O_CLOCK, 'id', 'more'])],
    ['with an id longer than a key', encoded(['all', WEB, TEN_O_CLOCK, 'i'.repeat(1_100)])],
    ['with a target longer than a key', encoded(['all', 'w'.repeat(2_100), TEN_O_CLOCK, 'id'])],
    ['that is null', encoded(null)],
  ])('refuses a cursor: %s', async (_, cursor) => {
    const log = await open(openStore);
    await expect(log.list({ order: 'newest-first', limit: 1, cursor })).rejects.toEqual(INVALID);
  });

  it('refuses a cursor of another history or from outside the window', async () => {
    const log = await open(openStore);
    await log.append(['a', 'b', 'c'].map((id) => anEvent({ id })));
    const query = { order: 'newest-first', limit: 1 } as const;
    const ofAll = (await log.list(query)).cursor ?? '';
    const ofWeb = (await log.list({ ...query, target: WEB })).cursor ?? '';
    const refused = [
      { ...query, target: WEB, cursor: ofAll },
      { ...query, cursor: ofWeb },
      { ...query, target: aTargetId('other'), cursor: ofWeb },
      { ...query, since: plusSeconds(TEN_O_CLOCK, 1), cursor: ofAll },
      { ...query, until: TEN_O_CLOCK, cursor: ofAll },
    ];
    for (const one of refused) await expect(log.list(one)).rejects.toEqual(INVALID);
  });

  it.each([-1, 1.5, Number.NaN, 1e14])('refuses an event at %d milliseconds', async (at) => {
    const log = await open(openStore);
    await expect(log.append([anEvent({ at: instant(at) })])).rejects.toEqual(INVALID);
  });
}

function aThousandEvents(openStore: OpenStore): void {
  describe('of 1,000 events', () => {
    const targets = ['web', 'worker', 'api'].map(aTargetId);
    // Seven events share each millisecond, so pages end in the middle of one.
    const events = Array.from({ length: 1_000 }, (_, index) => {
      const target = targets[index % 3] ?? WEB;
      return anEvent({
        id: `${target}@${index}.0`,
        target,
        at: instant(TEN_O_CLOCK + Math.floor(index / 7) * 1_000),
        type: index % 250 === 249 ? 'ScalingFailed' : index % 2 === 0 ? 'ScalingStarted' : 'ScalingHeld',
      });
    });
    let log: EventLog;

    beforeAll(async () => {
      log = await open(openStore);
      // Not in the order of time.
      await log.append(events.filter((_, index) => index % 2 === 1));
      await log.append(events.filter((_, index) => index % 2 === 0));
    }, 60_000);

    const sorted = (
      order: EventQuery['order'],
      keep: (event: ControllerEvent) => boolean = () => true,
    ): readonly string[] => {
      const ids = events
        .filter(keep)
        .sort((one, other) => one.at - other.at || (idOf(one) < idOf(other) ? -1 : 1))
        .map(({ id }) => id);
      return order === 'oldest-first' ? ids : ids.toReversed();
    };
    const idOf = ({ id, target }: ControllerEvent): string =>
      `${target}@${id.slice(target.length + 1).padStart(10, '0')}`;

    for (const order of ORDERS) {
      it.each([1, 7, 64, 100])(`pages ${order} without a gap or a repeat, %i a page`, async (limit) => {
        // One a page over all of them is a thousand calls: the first target's share says the same.
        const query = limit === 1 ? { target: WEB } : {};
        const keep = (event: ControllerEvent): boolean => limit > 1 || event.target === WEB;
        const found = await everyPage(log, { ...query, order, limit });
        expect(idsOf(found)).toEqual(sorted(order, keep));
      });

      it(`pages ${order} through one target`, async () => {
        for (const target of targets) {
          const found = await everyPage(log, { target, order, limit: 10 });
          expect(idsOf(found)).toEqual(sorted(order, (event) => event.target === target));
        }
      });

      it(`finds a rare type ${order} among many`, async () => {
        const type = 'ScalingFailed';
        for (const limit of [1, 3, 4, 100]) {
          const found = await everyPage(log, { type, order, limit });
          expect(idsOf(found)).toEqual(sorted(order, (event) => event.type === type));
          expect(found).toHaveLength(4);
        }
      });

      it(`combines target, type, since and until ${order}`, async () => {
        const since = plusSeconds(TEN_O_CLOCK, 20);
        const until = plusSeconds(TEN_O_CLOCK, 110);
        const query = { target: WEB, type: 'ScalingHeld', since, until, order, limit: 9 } as const;
        const found = await everyPage(log, query);
        expect(idsOf(found)).toEqual(
          sorted(
            order,
            ({ target, type, at }) => target === WEB && type === 'ScalingHeld' && at >= since && at < until,
          ),
        );
        expect(found.length).toBeGreaterThan(90);
      });
    }

    it('includes since, excludes until, and takes bounds between two milliseconds', async () => {
      const at = (milli: number): number =>
        events.filter((event) => event.at === TEN_O_CLOCK + milli * 1_000).length;
      const count = async (since: number, until: number): Promise<readonly number[]> => {
        const bounds = { since: instant(since), until: instant(until) };
        const query = { ...bounds, order: 'oldest-first', limit: 100 } as const;
        const all = await log.list(query);
        const ofWeb = await log.list({ ...query, target: WEB });
        return [all.events.length, ofWeb.events.length];
      };
      const tenth = TEN_O_CLOCK + 10_000;
      expect(at(10)).toBe(7);
      expect((await count(tenth, tenth + 1))[0]).toBe(7);
      expect((await count(tenth, tenth + 1_000))[0]).toBe(7);
      expect((await count(tenth, tenth + 1_001))[0]).toBe(14);
      expect((await count(tenth + 0.5, tenth + 1_000))[0]).toBe(0);
      expect((await count(tenth, tenth + 0.5))[0]).toBe(7);
      expect(await count(tenth, tenth)).toEqual([0, 0]);
      expect(await count(tenth + 5_000, tenth)).toEqual([0, 0]);
      expect(await count(-5, 5)).toEqual([0, 0]);
    });

    it('finds nothing of a target, type or time without events', async () => {
      const none = { events: [], cursor: null };
      const query = { order: 'newest-first', limit: 10 } as const;
      expect(await log.list({ ...query, target: aTargetId('unknown') })).toEqual(none);
      expect(await log.list({ ...query, type: 'TargetMissing' })).toEqual(none);
      expect(await log.list({ ...query, since: plusSeconds(TEN_O_CLOCK, 9_999) })).toEqual(none);
    });
  });
}
