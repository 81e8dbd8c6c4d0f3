import type { MetricReading, Snapshot } from '../core/capacity.ts';
import { ControllerError } from '../core/controller-error.ts';
import type { Policy } from '../core/policy.ts';
import { policyMetrics } from '../core/policy-metrics.ts';
import { type Target, type TargetId, targetId } from '../core/target.ts';
import type { Instant } from '../core/time.ts';
import type { Observation, PresentResource } from '../ports/capacity-target.ts';
import type { MetricRequest, MetricSource } from '../ports/metric-source.ts';
import { adapterOf, type ControllerDeps } from './deps.ts';

/** What was found of many targets. */
export type Observations = ReadonlyMap<TargetId, Observation>;

/** Looks at the resources of many policies at once, each kind through its own adapter: one that fails leaves the others seen. */
export async function observeCapacity(
  { targets, clock }: Pick<ControllerDeps, 'targets' | 'clock'>,
  policies: readonly Policy[],
): Promise<Observations> {
  const now = clock.now();
  const kinds = new Set(policies.map(({ target }) => target.kind));
  const found = await Promise.all(
    [...kinds].map((kind): Promise<Observations> => {
      const ofKind: readonly Target[] = policies
        .map(({ target }) => target)
        .filter((target) => target.kind === kind);
      const adapter = adapterOf(targets, kind);
      return adapter.describe(ofKind, now).catch((error: unknown) => {
        if (!(error instanceof ControllerError)) throw error;
        return new Map(ofKind.map((target) => [targetId(target), { kind: 'unknown', error }] as const));
      });
    }),
  );
  return new Map(found.flatMap((observations) => [...observations]));
}

/** Readings of every metric of many policies, by target and metric id. */
export type Readings = ReadonlyMap<TargetId, Snapshot['metrics']>;

/** Reads the metrics of many policies at once. Where units report one by one it must be known first which there are. */
export async function observeMetrics(
  source: MetricSource,
  policies: readonly Policy[],
  observing: Promise<Observations>,
  now: Instant,
): Promise<Readings> {
  const units = policies.some(readsUnits) ? await observing : new Map<TargetId, Observation>();
  const requests = policies.flatMap((policy) => requestsOf(policy, units.get(targetId(policy.target))));
  const readings =
    requests.length === 0 ? new Map<string, MetricReading>() : await source.read(requests, now);
  return new Map(policies.map((policy) => [targetId(policy.target), metricsOf(policy, readings)]));
}

/**
 * The same, where there is work without metrics too: resizes to settle, bounds and overrides to keep, declared fallbacks.
 * That nothing could be read is reported, and everything is missing.
 */
export const metricsOrNone = (
  deps: ControllerDeps,
  policies: readonly Policy[],
  observing: Promise<Observations>,
  now: Instant,
): Promise<Readings> =>
  observeMetrics(deps.metrics, policies, observing, now).catch((error: unknown) => {
    if (!(error instanceof ControllerError)) throw error;
    deps.telemetry.problem('No metric could be read', {
      policies: policies.length,
      error: `${error.code}: ${error.message}`,
    });
    return new Map();
  });

const keyOf = (policy: Policy, metricId: string): string => `${targetId(policy.target)}#${metricId}`;

const readsUnits = (policy: Policy): boolean =>
  policyMetrics(policy).some(({ unitDimension }) => unitDimension !== undefined);

const unitIds = ({ metricUnits, units = [] }: PresentResource): readonly string[] =>
  metricUnits ?? units.map(({ id }) => id);

function requestsOf(policy: Policy, seen: Observation | undefined): MetricRequest[] {
  const units = seen?.kind === 'present' ? unitIds(seen) : [];
  return policyMetrics(policy).map((metric) => {
    const key = keyOf(policy, metric.id);
    return metric.unitDimension === undefined ? { key, metric } : { key, metric, units };
  });
}

function metricsOf(policy: Policy, readings: ReadonlyMap<string, MetricReading>): Snapshot['metrics'] {
  return Object.fromEntries(
    policyMetrics(policy).flatMap(({ id }) => {
      const reading = readings.get(keyOf(policy, id));
      return reading === undefined ? [] : [[id, reading]];
    }),
  );
}
