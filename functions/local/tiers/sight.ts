import type { PolicySource } from '../../../shared/ports/policy-source.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import type { RunState } from '../view/run-state.ts';
import type { Picture } from '../view/screen.ts';
import { planLines, sizesByTarget } from './plan-lines.ts';
import { tierRows } from './tier-rows.ts';

/** Every target and every plan as they stand now, seen in the simulated account itself: nobody is asked, so nothing is counted. */
export function sightOf(
  plant: Plant,
  policies: PolicySource,
  state: RunState,
): Pick<Picture, 'targets' | 'tiers' | 'plans'> {
  const targets = plant.targets();
  const tiers = tierRows(plant, policies.all());
  const services = targets.map(({ policy, service: { desired, running, pending } }) => ({
    policy,
    sizes: { desired, running, ready: running, pending },
  }));
  const sizes = sizesByTarget(policies, [...services, ...tiers]);
  const plans = planLines({ policies, heads: state.heads(), sizes, now: plant.now() });
  return { targets, tiers, plans };
}
