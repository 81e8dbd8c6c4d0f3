import { deserializePolicies } from '../../shared/config/compiled-policies.ts';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { policyRefusal } from '../../shared/config/problem.ts';
import type { Policy } from '../../shared/core/policy.ts';

type Plain = Readonly<Record<string, unknown>>;

/**
 * A document as a user writes it, or a policy as the build compiles it.
 * @throws ControllerError `invalid` with every problem of it.
 */
export function policyOf(given: Plain): Policy {
  if (!('apiVersion' in given)) {
    const bundle = JSON.stringify({ policies: [completed(given)], applications: [] });
    const [compiled] = deserializePolicies(bundle).policies;
    if (compiled !== undefined) return compiled;
  }
  const { policies, problems } = parsePolicySet([{ path: 'policy', text: JSON.stringify(given) }]);
  const [policy] = policies;
  if (problems.length > 0 || policy === undefined) throw policyRefusal(problems);
  return policy;
}

/** What a policy that was compiled before these fields existed means. */
const LATER_FIELDS: Plain = {
  schedule: null,
  coreSize: null,
  incident: null,
  unitResources: null,
  guardrails: { changeBudget: null, quota: null },
  atZero: 'resume',
  receiptsOfHolds: 0,
};

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function completed(policy: Plain): Plain {
  const { strategies, fallback } = policy;
  return {
    ...LATER_FIELDS,
    ...policy,
    ...(isPlain(fallback) && { fallback: { mode: 'static', recoverAfter: 1, ...fallback } }),
    ...(Array.isArray(strategies) && { strategies: strategies.map(completedStrategy) }),
  };
}

function completedStrategy(strategy: unknown): unknown {
  if (!isPlain(strategy) || strategy['kind'] !== 'target-tracking') return strategy;
  const { metric } = strategy;
  return {
    activation: 0,
    ...strategy,
    ...(isPlain(metric) && { metric: { historySeconds: 0, ...metric } }),
  };
}
