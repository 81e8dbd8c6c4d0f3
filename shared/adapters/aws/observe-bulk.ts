import type { ControllerError } from '../../core/controller-error.ts';
import { type Target, type TargetId, targetId } from '../../core/target.ts';
import type { Observation } from '../../ports/capacity-target.ts';
import { batchesOf, inParallel } from './batching.ts';
import { translateSdkError } from './sdk-errors.ts';

/** How the targets are spread over calls. */
interface Spread<T extends Target> {
  readonly batches: (targets: readonly T[]) => readonly (readonly T[])[];
  readonly callsAtOnce: number;
}

/** Names in the filter of one call of RDS: with all of their instances, a few pages. */
const TARGETS_A_CALL = 20;

/** RDS throttles describing calls per account. */
const CALLS_AT_ONCE = 3;

/** How often a refused call is halved in one look: finds a few targets that may not be described, and then gives up. */
const SPLITS = 20;

type Observed = readonly (readonly [TargetId, Observation])[];

/** Looks at a batch of targets with as few calls as their service allows. */
type LookAtBatch<T extends Target> = (batch: readonly T[]) => Promise<ReadonlyMap<TargetId, Observation>>;

/**
 * Looks at many targets in batches. A call that is refused for one of them is halved until that one is found.
 * @throws ControllerError when nothing could be seen at all.
 */
export async function observeBulk<T extends Target>(
  targets: readonly T[],
  look: LookAtBatch<T>,
  { batches, callsAtOnce }: Spread<T> = {
    batches: (all) => batchesOf(all, TARGETS_A_CALL),
    callsAtOnce: CALLS_AT_ONCE,
  },
): Promise<ReadonlyMap<TargetId, Observation>> {
  const distinct = [...new Map(targets.map((target) => [targetId(target), target])).values()];
  const budget = { splits: SPLITS };
  const observed = await inParallel(batches(distinct), callsAtOnce, (batch) => observe(batch, look, budget));
  const all = observed.flat();
  failWhenBlind(all);
  return new Map(all);
}

async function observe<T extends Target>(
  batch: readonly T[],
  look: LookAtBatch<T>,
  budget: { splits: number },
): Promise<Observed> {
  try {
    return [...(await look(batch))];
  } catch (fault) {
    const names = batch.length === 1 ? batch.map(targetId) : [`${batch.length} targets`];
    const error = translateSdkError(fault, `describe ${names[0]}`);
    if (isOfOne(error) && batch.length > 1 && budget.splits > 0) {
      budget.splits -= 1;
      const halves = batchesOf(batch, Math.ceil(batch.length / 2));
      return (await inParallel(halves, 1, (half) => observe(half, look, budget))).flat();
    }
    const seen: Observation =
      error.code === 'target-missing' && batch.length === 1
        ? { kind: 'missing', detail: error.message }
        : { kind: 'unknown', error };
    return batch.map((target) => [targetId(target), seen]);
  }
}

// What one of many is refused for has the service refuse the whole call; throttling and faults concern them all.
const isOfOne = ({ code }: ControllerError): boolean =>
  code === 'denied' || code === 'rejected' || code === 'target-missing';

function failWhenBlind(observed: Observed): void {
  const errors = observed.flatMap(([, seen]) => (seen.kind === 'unknown' ? [seen.error] : []));
  const [first] = errors;
  if (first !== undefined && errors.length === observed.length) throw first;
}
