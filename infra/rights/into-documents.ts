import type { NamedArn } from '../named-arn.ts';
import type { Right } from './right.ts';

const FRAME = JSON.stringify({ Version: '2012-10-17', Statement: [] }).length;

/** Characters of a statement without its resources, with the comma after it. */
const frameOf = ({ actions, conditions }: Right): number =>
  JSON.stringify({
    Action: actions,
    Effect: 'Allow',
    Resource: [],
    ...(conditions === undefined ? {} : { Condition: conditions }),
  }).length + 1;

const sizeOf = ({ characters }: NamedArn): number => characters + '"",'.length;

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);

/** As much of a right as fits into so many characters, and the rest of it. */
function split(right: Right, characters: number): { readonly part: Right; readonly rest: Right } {
  const { resources } = right;
  let left = characters - frameOf(right);
  const end = resources.findIndex((resource) => {
    left -= sizeOf(resource);
    return left < 0;
  });
  const fits = end < 0 ? resources.length : end;
  return {
    part: { ...right, resources: resources.slice(0, fits) },
    rest: { ...right, resources: resources.slice(fits) },
  };
}

const lengthOf = (rights: readonly Right[]): number =>
  FRAME + sum(rights.map((right) => frameOf(right) + sum(right.resources.map(sizeOf))));

/**
 * The rights in their order, in as few documents as `budget` characters allow; a right with many resources is spread over several.
 * @throws Error when one resource with its conditions alone is beyond the budget.
 */
export function intoDocuments(rights: readonly Right[], budget: number): readonly (readonly Right[])[] {
  const documents: (readonly Right[])[] = [];
  let open: readonly Right[] = [];
  const [...left] = rights;
  for (let right = left.shift(); right !== undefined; right = left.shift()) {
    const { part, rest } = split(right, budget - lengthOf(open));
    if (part.resources.length > 0) open = [...open, part];
    if (rest.resources.length === 0) continue;
    if (open.length === 0) throw new Error(`Too long for a policy: ${rest.resources[0]?.text}`);
    documents.push(open);
    open = [];
    left.unshift(rest);
  }
  return open.length === 0 ? documents : [...documents, open];
}
