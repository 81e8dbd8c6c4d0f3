import type { Ids } from '../../ports/ids.ts';

/** Identifiers that count up from 1, the same in every run: for simulations and tests. */
export class SequentialIds implements Ids {
  readonly #prefix: string;
  #last = 0;

  constructor(prefix = 'id') {
    this.#prefix = prefix;
  }

  next(): string {
    this.#last += 1;
    return `${this.#prefix}-${this.#last}`;
  }
}
