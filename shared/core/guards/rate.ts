import { implicitScaleOutLimit, rateLimit } from '../hpa/rate.ts';
import { type Guard, type GuardContext, PASS } from './guard.ts';

/** The rate policies of the behavior block: how far one step may go. */
export const rate: Guard = {
  name: 'rate',
  judges: ['policy'],
  check: (context, wish) => {
    const limit = limitFor(context, wish);
    if (limit === null || (wish > context.size ? limit >= wish : limit <= wish)) return PASS;
    const direction = wish > context.size ? 'out' : 'in';
    return isDisabled(context, direction)
      ? {
          effect: 'amend',
          to: context.size,
          reason: 'direction-disabled',
          until: null,
          detail: `The behavior block disables scale-${direction}.`,
        }
      : {
          effect: 'amend',
          to: limit,
          reason: 'rate-limited',
          until: null,
          detail: `The rate policies of scale-${direction} allow ${limit} now, not ${wish}.`,
        };
  },
};

function isDisabled({ policy }: GuardContext, direction: 'out' | 'in'): boolean {
  const { behavior } = policy;
  if (behavior.kind !== 'rules') return false;
  return (direction === 'out' ? behavior.scaleUp : behavior.scaleDown).selectPolicy === 'Disabled';
}

function limitFor({ policy, state, size, now }: GuardContext, wish: number): number | null {
  const { behavior } = policy;
  if (behavior.kind === 'none') return null;
  const direction = wish > size ? 'out' : 'in';
  if (behavior.kind === 'implicit') return direction === 'out' ? implicitScaleOutLimit(size) : null;
  const rules = direction === 'out' ? behavior.scaleUp : behavior.scaleDown;
  return rateLimit(rules, direction, size, state.scaleEvents, now);
}
