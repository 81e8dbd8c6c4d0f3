import { field } from './fields.ts';
import { nearest } from './nearest.ts';
import { quote, type Report } from './problem.ts';
import { HPA_VERSION } from './schema/horizontal-pod-autoscaler.ts';
import { API_VERSION } from './schema/scaling-policy.ts';

const VERSIONS = {
  ScalingPolicy: API_VERSION,
  HorizontalPodAutoscaler: HPA_VERSION,
  Bindings: API_VERSION,
  Application: API_VERSION,
  Guardrails: API_VERSION,
  WarmPlan: API_VERSION,
  ResourceQuota: 'v1',
} as const;

/** Every kind of document that a policy file may hold. */
export type DocumentKind = keyof typeof VERSIONS;

const KINDS = Object.keys(VERSIONS) as readonly DocumentKind[];

/** The kind of a document, or null after reporting that it is none of ours or of a version that is not read. */
export function kindOf(value: unknown, report: Report): DocumentKind | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(
      [],
      `${quote(value)} is not a policy (begin with apiVersion: ${API_VERSION} and kind: ScalingPolicy)`,
    );
    return null;
  }
  const given = field(value, 'kind');
  const kind = KINDS.find((known) => known === given);
  if (kind === undefined) {
    const near = typeof given === 'string' ? nearest(given, KINDS) : null;
    const fix = near === null ? `one of: ${KINDS.join(', ')}` : `did you mean "${near}"?`;
    if (given === undefined) report(['kind'], `is missing (give ${fix})`, 'key');
    else report(['kind'], `${quote(given)} is not a policy (${fix})`);
    return null;
  }
  return versionFits(value, kind, report) ? kind : null;
}

function versionFits(value: object, kind: DocumentKind, report: Report): boolean {
  const given = field(value, 'apiVersion');
  const version = VERSIONS[kind];
  if (given === version) return true;
  if (given === undefined) report(['apiVersion'], `is missing (write apiVersion: ${version})`, 'key');
  else if (
    kind === 'HorizontalPodAutoscaler' &&
    typeof given === 'string' &&
    given.startsWith('autoscaling/')
  ) {
    const fix = `write it as ${version}: kubectl get hpa.v2.autoscaling NAME -o yaml`;
    report(['apiVersion'], `${quote(given)} describes metrics in another way than ${version} (${fix})`);
  } else report(['apiVersion'], `${quote(given)} is no version of ${kind} (write ${version})`);
  return false;
}
