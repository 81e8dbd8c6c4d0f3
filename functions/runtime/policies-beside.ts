import { readFileSync } from 'node:fs';
import { staticPolicies } from '../../shared/adapters/memory/static-policies.ts';
import { deserializePolicies } from '../../shared/config/compiled-policies.ts';
import type { WarmPlan } from '../../shared/core/warm-plan.ts';
import type { PolicySource } from '../../shared/ports/policy-source.ts';

/** The policies of a deployment, and its warm plans. */
export interface BundledSet {
  readonly policies: PolicySource;
  readonly warmPlans: readonly WarmPlan[];
}

/**
 * The policies that were compiled into the deployment, read once per container. Their file lies at the root of the
 * bundle, one folder above every entry and every chunk.
 * @throws ControllerError `invalid` when they do not fit this version; an error of the file system when they are not there.
 */
export function setBeside(bundleFile = new URL('../policies.json', import.meta.url)): BundledSet {
  const { policies, applications, warmPlans = [] } = deserializePolicies(readFileSync(bundleFile, 'utf8'));
  return { policies: staticPolicies(policies, applications), warmPlans };
}

/** Those policies alone. @throws as {@link setBeside}. */
export const policiesBeside = (bundleFile?: URL): PolicySource => setBeside(bundleFile).policies;
