import { readFileSync } from 'node:fs';
import { staticPolicies } from '../../shared/adapters/memory/static-policies.ts';
import { deserializePolicies } from '../../shared/config/compiled-policies.ts';
import type { PolicySource } from '../../shared/ports/policy-source.ts';

/**
 * The policies that were compiled into the deployment, read once per container. Their file lies at the root of the
 * bundle, one folder above every entry and every chunk.
 * @throws ControllerError `invalid` when they do not fit this version; an error of the file system when they are not there.
 */
export function policiesBeside(bundleFile = new URL('../policies.json', import.meta.url)): PolicySource {
  const { policies, applications } = deserializePolicies(readFileSync(bundleFile, 'utf8'));
  return staticPolicies(policies, applications);
}
