import { readFileSync } from 'node:fs';

/** A recorded payload of `events/samples`, by its name without `.json`. */
export const aSample = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../events/samples/${name}.json`, import.meta.url), 'utf8'));
