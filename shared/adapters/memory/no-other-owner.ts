import { targetId } from '../../core/target.ts';
import type { Ownership } from '../../ports/ownership.ts';

/** A world in which nobody else scales anything. */
export const NO_OTHER_OWNER: Ownership = {
  ownersOf: async (targets) => new Map(targets.map((target) => [targetId(target), null])),
};
