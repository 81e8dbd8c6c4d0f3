/** How many published events and messages are kept for inspection. */
const KEPT = 1000;

/** Keeps the newest things that were published, and numbers them. */
export class Publications<T extends { readonly id: string }> {
  readonly #prefix: string;
  #kept: readonly T[] = [];
  #count = 0;

  /** @param prefix eight hexadecimal digits that start every identifier. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Keeps a publication under the next identifier, a UUID in form, and returns the identifier. */
  add(assemble: (id: string) => T): string {
    this.#count += 1;
    const id = `${this.#prefix}-0000-4000-8000-${this.#count.toString(16).padStart(12, '0')}`;
    this.#kept = [...this.#kept.slice(1 - KEPT), assemble(id)];
    return id;
  }

  /** How many there have been. */
  get count(): number {
    return this.#count;
  }

  /** The newest ones, oldest first. */
  kept(): readonly T[] {
    return this.#kept;
  }
}
