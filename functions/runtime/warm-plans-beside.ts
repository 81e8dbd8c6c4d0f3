import { readFileSync } from 'node:fs';
import { deserializeWarmPlans } from '../../shared/config/compiled-warm-plan.ts';
import type { WarmPlan } from '../../shared/core/warm-plan.ts';

/** The warm plans of the deployment, from the file that the policies are in. @throws as `policiesBeside`. */
export const warmPlansBeside = (
  bundleFile = new URL('../policies.json', import.meta.url),
): readonly WarmPlan[] => deserializeWarmPlans(readFileSync(bundleFile, 'utf8'));
