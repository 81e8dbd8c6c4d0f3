import { loadPolicies } from '../shared/config/load-policies.ts';
import { policyRefusal } from '../shared/config/problem.ts';
import type { Policy } from '../shared/core/policy.ts';

/**
 * The policies of a folder.
 * @throws ControllerError `invalid` with `file:line:col path: problem (fix)` for every problem: a set with a bad document is not deployed.
 */
export async function readPolicies(path: string): Promise<readonly Policy[]> {
  const { policies, problems } = await loadPolicies([path]);
  if (problems.length > 0) throw policyRefusal(problems);
  return policies;
}
