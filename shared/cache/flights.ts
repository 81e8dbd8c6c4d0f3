/** Work under way for a key. */
export interface Flight {
  readonly key: string;
  readonly tags: readonly string[];
  /** True once its result was invalidated before it was there: those who wait still get it, but it is not kept. */
  outdated: boolean;
}

/** One piece of work for each key at a time; who asks meanwhile waits for it. */
export class Flights<T> {
  readonly #under = new Map<string, { readonly flight: Flight; readonly result: Promise<T> }>();

  /** The work of a key: that which is under way, or a new one. */
  join(key: string, tags: readonly string[], work: (flight: Flight) => Promise<T>): Promise<T> {
    const under = this.#under.get(key);
    if (under !== undefined) return under.result;
    const flight: Flight = { key, tags, outdated: false };
    const result = work(flight).finally(() => {
      if (this.#under.get(key)?.flight === flight) this.#under.delete(key);
    });
    this.#under.set(key, { flight, result });
    return result;
  }

  /** Whether there is work under way for a key. */
  has(key: string): boolean {
    return this.#under.has(key);
  }

  /** Lets the next who asks begin anew, as what is under way may be of before an invalidation. */
  outdate(which: (flight: Flight) => boolean): void {
    for (const { flight } of [...this.#under.values()]) {
      if (!which(flight)) continue;
      flight.outdated = true;
      this.#under.delete(flight.key);
    }
  }
}
