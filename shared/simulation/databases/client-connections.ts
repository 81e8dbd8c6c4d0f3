/** Connections that an application closes when it recycles them, and those of long work: each lose half of them in so many seconds. */
const HALF_LIFE_SECONDS = { ordinary: 60, lasting: 180 } as const;
/** The share of new connections that do long work. */
const LASTING_SHARE = 0.1;
const STAYING = {
  ordinary: 0.5 ** (1 / HALF_LIFE_SECONDS.ordinary),
  lasting: 0.5 ** (1 / HALF_LIFE_SECONDS.lasting),
} as const;

/** The client connections of one database node. Those that are to go go slowly: pools keep what they have. */
export class ClientConnections {
  #ordinary = 0;
  #lasting = 0;

  /** How many there are. */
  get count(): number {
    return Math.round(this.#ordinary + this.#lasting);
  }

  /** The same before rounding. */
  get exact(): number {
    return this.#ordinary + this.#lasting;
  }

  /** Opens more. */
  open(count: number): void {
    this.#ordinary += count * (1 - LASTING_SHARE);
    this.#lasting += count * LASTING_SHARE;
  }

  /** Their clients stop: only this share (0..1) of them stays. */
  keepShare(share: number): void {
    this.#ordinary *= share;
    this.#lasting *= share;
  }

  /** One second in which pools recycle what is above `wanted`. */
  relax(wanted: number): void {
    const excess = this.exact - wanted;
    if (excess <= 0) return;
    const share = excess / this.exact;
    this.#ordinary *= 1 - share * (1 - STAYING.ordinary);
    this.#lasting *= 1 - share * (1 - STAYING.lasting);
  }

  /** The node went away with all of them. */
  cut(): void {
    this.#ordinary = 0;
    this.#lasting = 0;
  }
}
