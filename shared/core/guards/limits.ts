import type { SizeLimit } from '../capacity.ts';
import type { LimitReason, ResizeCause } from '../decision.ts';
import { type Guard, PASS } from './guard.ts';

const AUTOMATION: readonly ResizeCause[] = ['policy', 'schedule', 'fallback'];

/** Whom a limit binds besides automation: what a service cannot do nobody can, and connections that are not there serve nobody. */
const BINDS_EVERYBODY: readonly LimitReason[] = ['resource-limit', 'resource-busy', 'connection-budget'];

/**
 * How far a target may go now: what its service takes, what its data need, what the other tiers of its application allow. A
 * wish beyond a limit is cut to it, or held where the size is there already.
 */
export const limits: Guard = {
  name: 'limits',
  judges: [...AUTOMATION, 'bounds', 'override', 'plan', 'manual', 'pin'],
  check: ({ snapshot, size, cause }, wish) => {
    const direction = wish > size ? 'out' : 'in';
    const binding = (snapshot.limits ?? []).filter(
      (limit) => limit.direction === direction && binds(limit.reason, cause) && isBeyond(wish, limit),
    );
    if (binding.length === 0) return PASS;
    const { size: to, reason, detail } = binding.reduce(stricter);
    // A size that is beyond the limit already is not brought back by it.
    const isThere = direction === 'out' ? to <= size : to >= size;
    const rest = { reason, until: null, detail } as const;
    return isThere ? { effect: 'hold', ...rest } : { effect: 'amend', to, ...rest };
  },
};

const binds = (reason: LimitReason, cause: ResizeCause): boolean =>
  BINDS_EVERYBODY.includes(reason) || AUTOMATION.includes(cause);

const isBeyond = (wish: number, { direction, size }: SizeLimit): boolean =>
  direction === 'out' ? wish > size : wish < size;

/** The limit that leaves less room. */
const stricter = (one: SizeLimit, other: SizeLimit): SizeLimit => (isBeyond(one.size, other) ? other : one);
