/** "1 to 63 letters, numbers, or hyphens": https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
const LONGEST_NAME = 63;

const MARK = '-plimsoll-';

/** A hash of eight digits, a hyphen, and a number of at most two. */
const LONGEST_ENDING = MARK.length + 8 + 1 + 2;

/** How the name of every instance begins that Plimsoll makes for a source or a cluster: `orders-plimsoll-`, or less of a long name. */
export function createdPrefix(parent: string): string {
  const room = LONGEST_NAME - LONGEST_ENDING;
  return parent.length <= room ? `${parent}${MARK}` : parent.slice(0, room).replace(/-+$/, '');
}

/** The same as a pattern with `*`, which fits no name without our mark, the parent's own least of all. */
export function createdPattern(parent: string): string {
  const prefix = createdPrefix(parent);
  return prefix.endsWith(MARK) ? `${prefix}*` : `${prefix}*${MARK}*`;
}

/** Whether a name can be that of an instance that Plimsoll made for a source or a cluster. */
export const isCreatedFor = (parent: string, name: string): boolean =>
  name.startsWith(createdPrefix(parent)) && name.includes(MARK);
