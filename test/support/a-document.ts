import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { formatProblem } from '../../shared/config/problem.ts';
import type { Policy } from '../../shared/core/policy.ts';

/** An own policy document, line by line; `spec` replaces single fields, null leaves one out. */
export function aDocument(spec: Readonly<Record<string, string | null>> = {}, name = 'web'): string {
  const fields: Record<string, string | null> = {
    target: `{ kind: ecs-service, cluster: prod, service: ${name} }`,
    bounds: '{ min: 2, max: 20 }',
    strategies: '[ { type: target-tracking, target: 70, metric: { preset: cpu } } ]',
    ...spec,
  };
  const lines = Object.entries(fields).flatMap(([key, value]) =>
    value === null ? [] : [`  ${key}: ${value}`],
  );
  return [
    'apiVersion: plimsoll/v1',
    'kind: ScalingPolicy',
    `metadata: { name: ${name} }`,
    'spec:',
    ...lines,
    '',
  ].join('\n');
}

/** A HorizontalPodAutoscaler for `prod/shop`; `spec` replaces single fields, null leaves one out. */
export function aManifest(
  spec: Readonly<Record<string, string | null>> = {},
  annotations = '{ plimsoll.io/ecs-cluster: prod, plimsoll.io/ecs-service: shop }',
): string {
  const fields: Record<string, string | null> = {
    scaleTargetRef: '{ apiVersion: apps/v1, kind: Deployment, name: shop }',
    maxReplicas: '10',
    ...spec,
  };
  const lines = Object.entries(fields).flatMap(([key, value]) =>
    value === null ? [] : [`  ${key}: ${value}`],
  );
  return [
    'apiVersion: autoscaling/v2',
    'kind: HorizontalPodAutoscaler',
    `metadata: { name: shop, annotations: ${annotations} }`,
    'spec:',
    ...lines,
    '',
  ].join('\n');
}

/** Every problem of one file `p.yaml`, as printed. */
export const problemsOf = (text: string): readonly string[] =>
  parsePolicySet([{ path: 'p.yaml', text }]).problems.map(formatProblem);

/** The one policy of a file without problems. */
export function policyOf(text: string, beside: Readonly<Record<string, string>> = {}): Policy {
  const others = Object.entries(beside).map(([path, other]) => ({ path, text: other }));
  const { policies, problems } = parsePolicySet([{ path: 'p.yaml', text }, ...others]);
  const [policy] = policies;
  if (policy === undefined || problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
  return policy;
}
