import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of random numbers that is the same for the same seed. */
export interface SeededRandom {
  /** A whole number between `min` and `max`, both included. */
  between(min: number, max: number): number;
  /** An identifier in the form of a UUID. */
  uuid(): string;
}

/** The stream of `name` under `seed`: one stream a service, so that services do not disturb each other's luck. */
export function seededRandom(seed: number, name: string): SeededRandom {
  const generator = xoroshiro128plus(seed ^ fnv1a(name));
  const between = (min: number, max: number): number => uniformInt(generator, min, max);
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => between(0, 15).toString(16)).join('');
  return {
    between,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
  };
}

/** FNV-1a, 32 bits: spreads names over seeds. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash | 0;
}
