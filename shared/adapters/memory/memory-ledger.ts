import { ControllerError } from '../../core/controller-error.ts';
import type { ControllerEvent } from '../../core/controller-event.ts';
import type { LedgerEntry, TargetState } from '../../core/ledger-entry.ts';
import type { TargetId } from '../../core/target.ts';
import type { Instant } from '../../core/time.ts';
import type { Commit, Ledger, Outbox } from '../../ports/ledger.ts';
import { plainJson } from '../plain-json.ts';

interface Head {
  readonly version: number;
  readonly state: string;
  readonly wakeAt: Instant | null;
  /** Text of each event by its id, in the order of the commits. */
  readonly outbox: ReadonlyMap<string, string>;
}

/** A ledger in this process, for simulations and tests. It keeps text, so nobody can change what was committed. */
export class MemoryLedger implements Ledger, Outbox {
  readonly #heads = new Map<TargetId, Head>();

  async load(targets: readonly TargetId[]): Promise<ReadonlyMap<TargetId, LedgerEntry>> {
    const found = new Map<TargetId, LedgerEntry>();
    for (const target of targets) {
      const head = this.#heads.get(target);
      if (head !== undefined) found.set(target, entryOf(target, head));
    }
    return found;
  }

  async commit({ target, expectedVersion, state, events }: Commit): Promise<LedgerEntry> {
    const before = this.#heads.get(target);
    const version = before?.version ?? 0;
    if (version !== expectedVersion)
      throw new ControllerError(
        'conflict',
        `${target} is at version ${version}, no longer at ${expectedVersion}.`,
        { retryable: true },
      );
    const added = events.map((event) => [event.id, plainJson(event, `event ${event.id}`)] as const);
    const head: Head = {
      version: version + 1,
      state: plainJson(state, `state of ${target}`),
      wakeAt: state.wakeAt,
      outbox: new Map([...(before?.outbox ?? []), ...added]),
    };
    this.#heads.set(target, head);
    return entryOf(target, head);
  }

  async due(now: Instant): Promise<readonly { readonly target: TargetId; readonly wakeAt: Instant }[]> {
    return [...this.#heads]
      .flatMap(([target, { wakeAt }]) => (wakeAt !== null && wakeAt <= now ? [{ target, wakeAt }] : []))
      .sort((one, other) => one.wakeAt - other.wakeAt);
  }

  async acknowledge(target: TargetId, eventIds: readonly string[]): Promise<void> {
    const head = this.#heads.get(target);
    if (head === undefined) return;
    const gone = new Set(eventIds);
    const outbox = new Map([...head.outbox].filter(([id]) => !gone.has(id)));
    this.#heads.set(target, { ...head, outbox });
  }
}

const entryOf = (target: TargetId, { version, state, outbox }: Head): LedgerEntry => ({
  target,
  version,
  state: JSON.parse(state) as TargetState,
  outbox: [...outbox.values()].map((text) => JSON.parse(text) as ControllerEvent),
});
