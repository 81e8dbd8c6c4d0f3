/** An invalidation that the server has not been told of. */
export interface Invalidation {
  readonly kind: 'key' | 'tag' | 'pattern';
  readonly name: string;
}

/** Invalidations that are remembered one by one. */
const MOST = 10_000;

/** What stands for more than that: a tag may be on any entry, and an entry under any key. */
const EVERYTHING: Invalidation = { kind: 'pattern', name: '*' };

/** What must be told to the server before anything is read from it again. */
export class Pending {
  readonly #waiting = new Map<string, Invalidation>();

  /** Remembers an invalidation; where there are too many, that everything is to go. */
  add(invalidation: Invalidation): void {
    const full = this.#waiting.size >= MOST;
    if (full) this.#waiting.clear();
    const next = full ? EVERYTHING : invalidation;
    this.#waiting.set(idOf(next), next);
  }

  /** Forgets one that the server was told of, unless it was asked for again meanwhile. */
  done(invalidation: Invalidation): void {
    const id = idOf(invalidation);
    if (this.#waiting.get(id) === invalidation) this.#waiting.delete(id);
  }

  get all(): readonly Invalidation[] {
    return [...this.#waiting.values()];
  }

  get size(): number {
    return this.#waiting.size;
  }
}

const idOf = ({ kind, name }: Invalidation): string => `${kind} ${name}`;
