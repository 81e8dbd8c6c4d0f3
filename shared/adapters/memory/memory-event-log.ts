import type { ControllerEvent } from '../../core/controller-event.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventLog, EventPage, EventQuery } from '../../ports/event-log.ts';
import {
  assertPageLimit,
  DEFAULT_RETENTION_SECONDS,
  decodeCursor,
  encodeCursor,
  expiryOf,
  pageOf,
  positionKey,
  windowKeys,
} from '../event-position.ts';
import { plainJson } from '../plain-json.ts';

/** The history of scaling events in this process, for simulations and tests. */
export class MemoryEventLog implements EventLog {
  readonly #clock: Clock;
  readonly #retentionSeconds: number;
  /** Text of each event by its position and target. */
  readonly #events = new Map<string, string>();

  /** `retentionSeconds`: how long after its own time an event is kept. */
  constructor(clock: Clock, options: { readonly retentionSeconds?: number } = {}) {
    this.#clock = clock;
    this.#retentionSeconds = options.retentionSeconds ?? DEFAULT_RETENTION_SECONDS;
  }

  async append(events: readonly ControllerEvent[]): Promise<void> {
    const texts = events.map(
      (event) => [`${event.target} ${positionKey(event)}`, plainJson(event, `event ${event.id}`)] as const,
    );
    for (const [key, text] of texts) if (!this.#events.has(key)) this.#events.set(key, text);
  }

  async list(query: EventQuery): Promise<EventPage> {
    assertPageLimit(query.limit);
    const after = decodeCursor(query);
    const { from, to } = windowKeys(query);
    const direction = query.order === 'oldest-first' ? 1 : -1;
    const start = after === null ? null : positionKey(after);
    const found = [...this.#events.values()]
      .map((text) => JSON.parse(text) as ControllerEvent)
      .map((event) => ({ event, key: positionKey(event) }))
      .filter(({ event, key }) => key >= from && key <= to && this.#matches(event, query))
      .filter(({ key }) => start === null || compare(key, start) * direction > 0)
      .sort((one, other) => compare(one.key, other.key) * direction)
      .map(({ event }) => event);
    const { page, last } = pageOf(found, query.limit);
    return { events: page, cursor: last && encodeCursor(query, last) };
  }

  #matches(event: ControllerEvent, query: EventQuery): boolean {
    return (
      (query.target === undefined || event.target === query.target) &&
      (query.type === undefined || event.type === query.type) &&
      expiryOf(event, this.#retentionSeconds) > this.#clock.now() / 1000
    );
  }
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
