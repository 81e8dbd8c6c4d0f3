import { ControllerError } from '../core/controller-error.ts';

/** Bytes that a key or a tag may have, in UTF-8, without the namespace. Redis would take 512 MB. */
export const MAX_KEY_BYTES = 1_024;

/** Tags that one entry may have: each is read with the entry. */
export const MAX_TAGS = 16;

/** Seconds that an entry may live, 30 days: versions of tags are kept a little longer. */
export const MAX_TTL_SECONDS = 2_592_000;

const NAMESPACE = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;

/** Names of what a cache keeps on the server; each in a slot of its own, so nothing needs two keys in one slot. */
export interface KeyNames {
  /** Where the value of a key is; also makes a pattern of keys one of the server's. */
  readonly value: (key: string) => string;
  /** Where the version of a tag is. */
  readonly tag: (tag: string) => string;
}

/**
 * Names in a namespace.
 * @throws ControllerError `invalid` for a namespace that would not stand for itself in a pattern.
 */
export function keyNames(namespace: string): KeyNames {
  if (!NAMESPACE.test(namespace)) {
    throw invalid(`namespace ${JSON.stringify(namespace)}: use 1 to 64 letters, digits, _ . : or -`);
  }
  return { value: (key) => `${namespace}:v:${key}`, tag: (tag) => `${namespace}:t:${tag}` };
}

/** @throws ControllerError `invalid` for a key that is empty or longer than {@link MAX_KEY_BYTES}. */
export function checkKey(key: string, what = 'cache key'): void {
  const bytes = Buffer.byteLength(key);
  if (bytes === 0) throw invalid(`the ${what} is empty`);
  if (bytes > MAX_KEY_BYTES) {
    const begin = JSON.stringify(key.slice(0, 40));
    throw invalid(`the ${what} that begins with ${begin} has ${bytes} bytes (at most ${MAX_KEY_BYTES})`);
  }
}

/** What is checked of an entry before it is loaded or stored. */
interface Lifetime {
  readonly ttlSeconds: number;
  readonly staleSeconds?: number;
  readonly absentTtlSeconds?: number;
  readonly tags?: readonly string[];
}

/** @throws ControllerError `invalid` for times and tags that make no sense, with the number. */
export function checkLifetime({ ttlSeconds, staleSeconds = 0, absentTtlSeconds, tags = [] }: Lifetime): void {
  checkSeconds('ttlSeconds', ttlSeconds);
  if (absentTtlSeconds !== undefined) checkSeconds('absentTtlSeconds', absentTtlSeconds);
  if (!(staleSeconds >= 0 && staleSeconds <= MAX_TTL_SECONDS)) {
    throw invalid(`staleSeconds is ${staleSeconds} (0 to ${MAX_TTL_SECONDS})`);
  }
  if (tags.length > MAX_TAGS) throw invalid(`${tags.length} tags for one entry (at most ${MAX_TAGS})`);
  for (const tag of tags) checkKey(tag, 'cache tag');
}

function checkSeconds(name: string, seconds: number): void {
  if (seconds >= 0.001 && seconds <= MAX_TTL_SECONDS) return;
  throw invalid(`${name} is ${seconds} (0.001 to ${MAX_TTL_SECONDS})`);
}

const invalid = (problem: string): ControllerError =>
  new ControllerError('invalid', `The cache refuses this: ${problem}.`, { retryable: false });
