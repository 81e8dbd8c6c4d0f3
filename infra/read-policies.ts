import type { PolicyBundle } from '../shared/config/compiled-policies.ts';
import { loadPolicies } from '../shared/config/load-policies.ts';
import { policyRefusal } from '../shared/config/problem.ts';

/**
 * The policies of a folder, with the applications that they are tiers of.
 * @throws ControllerError `invalid` with `file:line:col path: problem (fix)` for every problem: a set with a bad document is not deployed.
 */
export async function readPolicies(path: string): Promise<PolicyBundle> {
  const { policies, applications, warmPlans, problems } = await loadPolicies([path]);
  if (problems.length > 0) throw policyRefusal(problems);
  return { policies, applications, warmPlans };
}
