import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { ControllerError } from '../core/controller-error.ts';
import { type Instant, instant } from '../core/time.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The version that a tag had before an entry was loaded. */
export type TagVersion = readonly [tag: string, version: string];

/** An entry as a cache uses it. */
export interface Stored {
  /** Frozen when it came from JSON; undefined where it is remembered that there is none. */
  readonly value: unknown;
  /** Until when it is served without a thought. */
  readonly freshUntil: Instant;
  /** Until when it is served while a newer one is loaded. */
  readonly staleUntil: Instant;
  readonly tags: readonly TagVersion[];
  /** Bytes of the value as it is written, before compression. */
  readonly bytes: number;
}

/** How large a value may be, and from where on it is compressed. */
export interface EnvelopeLimits {
  readonly maxValueBytes: number;
  /** null = never. */
  readonly compressAboveBytes: number | null;
}

/** A value in its written form. */
export interface Written {
  readonly form: number;
  readonly payload: Uint8Array;
}

const VERSION = 1;
const FORM = { json: 0, raw: 1, absent: 2 } as const;
const GZIP = 4;
/** Version, form, and the length of the header. */
const FIXED_BYTES = 6;
const NOTHING = new Uint8Array(0);

/**
 * Writes a value: bytes stay bytes, undefined is "there is none", everything else becomes JSON.
 * @throws ControllerError `rejected` when it is not JSON or is too large.
 */
export function writeValue(value: unknown, { maxValueBytes }: EnvelopeLimits): Written {
  const written = formOf(value);
  if (written.payload.length <= maxValueBytes) return written;
  throw refused(`the value has ${written.payload.length} bytes (at most ${maxValueBytes})`);
}

function formOf(value: unknown): Written {
  if (value === undefined) return { form: FORM.absent, payload: NOTHING };
  // A copy: the caller may go on writing into its own.
  if (value instanceof Uint8Array) return { form: FORM.raw, payload: value.slice() };
  const text = jsonOf(value);
  return { form: FORM.json, payload: Buffer.from(text) };
}

function jsonOf(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw refused('the value is not JSON', cause);
  }
  if (text === undefined) throw refused('the value is not JSON');
  return text;
}

/** The value as every reader gets it: what was written, read again. So the first caller sees what the next ones see. */
export function readValue({ form, payload }: Written): unknown {
  if (form === FORM.absent) return undefined;
  return form === FORM.raw ? payload : deepFreeze(JSON.parse(Buffer.from(payload).toString()));
}

/** An entry in the bytes that the server keeps. */
export async function pack(stored: Stored, written: Written, limits: EnvelopeLimits): Promise<Uint8Array> {
  const { compressAboveBytes: above } = limits;
  const zipped = above !== null && written.payload.length > above;
  const payload = zipped ? await compress(written.payload) : written.payload;
  const { freshUntil: f, staleUntil: s, tags: t } = stored;
  const header = Buffer.from(JSON.stringify({ f, s, t }));
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.writeUInt8(VERSION, 0);
  fixed.writeUInt8(written.form | (zipped ? GZIP : 0), 1);
  fixed.writeUInt32BE(header.length, 2);
  return Buffer.concat([fixed, header, payload]);
}

/** @throws when the bytes are not an entry of ours, or not of this version. */
export async function unpack(bytes: Uint8Array, { maxValueBytes }: EnvelopeLimits): Promise<Stored> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (all.length < FIXED_BYTES || all.readUInt8(0) !== VERSION) throw refused('not an entry of this version');
  const flags = all.readUInt8(1);
  const begin = FIXED_BYTES + all.readUInt32BE(2);
  const header = headerOf(JSON.parse(all.toString('utf8', FIXED_BYTES, begin)));
  const packed = all.subarray(begin);
  const payload =
    (flags & GZIP) === 0 ? packed : await decompress(packed, { maxOutputLength: maxValueBytes });
  return { ...header, value: readValue({ form: flags & ~GZIP, payload }), bytes: payload.length };
}

function headerOf(read: unknown): Pick<Stored, 'freshUntil' | 'staleUntil' | 'tags'> {
  const { f, s, t } = (read ?? {}) as Partial<Readonly<Record<'f' | 's' | 't', unknown>>>;
  if (typeof f !== 'number' || typeof s !== 'number' || !Array.isArray(t)) throw refused('a broken header');
  return { freshUntil: instant(f), staleUntil: instant(s), tags: t as readonly TagVersion[] };
}

/** Entries in memory are shared by all callers: one that changed its copy would change everybody's. */
function deepFreeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

const refused = (problem: string, cause?: unknown): ControllerError =>
  new ControllerError('rejected', `not cached: ${problem}`, { retryable: false, cause });
