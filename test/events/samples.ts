import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../events/samples/', import.meta.url);

/** Names of the sample payloads of a source, without the ending. */
export const samplesOf = (source: string): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.startsWith(`${source}.`))
    .map((file) => file.replace(/\.json$/, ''));

/** A sample payload, as JSON.parse reads it. */
export const sample = (name: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
