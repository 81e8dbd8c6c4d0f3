import type { Policy } from '../../../shared/core/policy.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';

/** Names the measures of a run with these policies. */
export function measureNames(
  { policies }: { readonly policies: readonly Policy[] },
  _document: object,
): readonly string[] {
  return ['load', ...policies.flatMap(({ name }) => SIZES.map((size) => `${name}.${size}`))];
}

const SIZES = ['desired', 'running', 'ready', 'pending'] as const;

/** The values of all measures at this second; one that is not there now is absent. */
export function measure(plant: Plant): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const { policy, load, service } of plant.targets()) {
    values.set('load', load);
    values.set(`${policy}.desired`, service.desired);
    values.set(`${policy}.running`, service.running);
    values.set(`${policy}.ready`, service.running);
    values.set(`${policy}.pending`, service.pending);
  }
  return values;
}
