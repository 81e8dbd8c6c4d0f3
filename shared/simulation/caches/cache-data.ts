/**
 * How the hit rate follows from the share of the keys in memory: reads of a cache are like Zipf's law, so the few popular keys,
 * which come in first, answer most of them. A hundredth of the keys answers a quarter, half of them four fifths.
 */
const POPULARITY = 0.3;

const BYTES_A_GIB = 2 ** 30;

/** What is known of the data of a replication group. */
export interface CacheDataOptions {
  readonly keys: number;
  /** Bytes of all keys together. */
  readonly bytes: number;
  /** Share (0..1) of the keys that are in memory at first. */
  readonly warmShare: number;
}

/** The memory that the data may fill. */
export interface CacheRoom {
  readonly shards: number;
  readonly memoryGiB: number;
}

/** The keys of a replication group: which share of them is in memory, and so how many reads are answered. */
export class CacheData {
  readonly keys: number;
  readonly #bytes: number;
  #share: number;

  constructor({ keys, bytes, warmShare }: CacheDataOptions) {
    this.keys = keys;
    this.#bytes = bytes;
    this.#share = warmShare;
  }

  /** Share (0..1) of the keys that are in memory. */
  get warmShare(): number {
    return this.#share;
  }

  /** Share (0..1) of the reads that the keys in memory answer. */
  hitRate(): number {
    return this.#share ** POPULARITY;
  }

  /** Bytes in memory, over all shards. */
  bytes(): number {
    return this.#share * this.#bytes;
  }

  /** Share (0..1) of the memory that the data fill. */
  usedShare({ shards, memoryGiB }: CacheRoom): number {
    return this.bytes() / (shards * memoryGiB * BYTES_A_GIB);
  }

  /** Everything is lost: a flush, or nodes that came up empty. */
  flush(): void {
    this.#share = 0;
  }

  /** At least this share of the keys is in memory from now on, as far as they fit. */
  warm(share: number, room: CacheRoom): void {
    this.#share = Math.min(Math.max(this.#share, share), this.#fitting(room));
  }

  /** One second: every missed read brings its key in. Returns how many keys had to go for want of memory. */
  step(missedReads: number, room: CacheRoom): number {
    const wanted = Math.min(1, this.#share + missedReads / this.keys);
    const fits = this.#fitting(room);
    this.#share = Math.min(wanted, fits);
    return Math.round(Math.max(0, wanted - fits) * this.keys);
  }

  #fitting({ shards, memoryGiB }: CacheRoom): number {
    return this.#bytes === 0 ? 1 : Math.min(1, (shards * memoryGiB * BYTES_A_GIB) / this.#bytes);
  }
}
