import * as z from 'zod';
import { ALONE, type MetricReading, type Snapshot } from '../../../shared/core/capacity.ts';
import { decide } from '../../../shared/core/decide.ts';
import type { Decision } from '../../../shared/core/decision.ts';
import { servingUnits } from '../../../shared/core/hpa/total-replicas.ts';
import { rawWish } from '../../../shared/core/observe.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { NO_SCHEDULE } from '../../../shared/core/schedule.ts';
import { conditionsAfter } from './conditions.ts';
import { SIGNAL } from './decision.ts';
import { NOW, stateWith } from './histories.ts';
import { hpaPolicy, type Judging, type Tracking, toleranceOf, trackingStrategy } from './hpa-policy.ts';
import { CPU_AT_80, isCpuUtilization, isPerPod, Metric, trackingOf } from './metrics.ts';
import { unitId, unitOf } from './units.ts';
import { type Actual, ControllerDefaults, Histories, PacedSpec, Pod, Whole } from './vector.ts';

const Observation = z.object({
  error: z.boolean().default(false),
  samples: z.array(Whole.nullable()).default([]),
  extraSamples: z.array(Whole).default([]),
  requests: z.array(Whole.nullable()).default([]),
});

const CycleVector = z.object({
  spec: PacedSpec.extend({ metrics: z.array(Metric).nullish() }),
  specReplicas: z.int().nonnegative(),
  statusReplicas: z.int().nonnegative(),
  pods: z.array(Pod),
  observations: z.array(Observation),
  cpuInitializationPeriodSeconds: z.number().default(300),
  initialReadinessDelaySeconds: z.number().default(30),
  controllerDefaults: ControllerDefaults,
  features: z
    .object({
      scaleToZero: z.string().default('condition'),
      configurableTolerance: z.boolean().default(true),
    })
    .prefault({}),
  initialConditions: z.record(z.string(), z.tuple([z.string(), z.string()])).nullish(),
  ...Histories.shape,
});

type CycleVector = z.infer<typeof CycleVector>;

/** Kind `cycle`: one whole look at a target, through the whole decision. */
export function cycle(given: unknown): Actual {
  const vector = CycleVector.parse(given);
  const metrics = vector.spec.metrics?.length ? vector.spec.metrics : [CPU_AT_80];
  const policy = policyOf(vector, metrics);
  const decision = decided(vector, policy, snapshotOf(vector, metrics));
  const missing = decision.trace.filter(({ step }) => step === 'missing');
  const before = vector.initialConditions ?? {};
  const scaleToZero = vector.features.scaleToZero === 'condition';
  return {
    replicas: decision.kind === 'resize' ? decision.to : decision.size,
    rescaled: decision.kind === 'resize',
    error: missing.length > 0,
    cpuUtilization: cpuUtilization(decision, metrics),
    conditions: conditionsAfter({ decision, policy, metrics, scaleToZero, before }),
  };
}

const idOf = (index: number): string => `metric${index}`;

/** A metric that has no target stands for nothing but its failure. */
const NEVER: Tracking = { target: 1, scope: 'average', kind: 'averageValue', gatesOnReadiness: false };

function policyOf(vector: CycleVector, metrics: readonly Metric[]): Policy {
  const { spec, controllerDefaults, features } = vector;
  const judging: Judging = {
    initializationSeconds: vector.cpuInitializationPeriodSeconds,
    readinessDelaySeconds: vector.initialReadinessDelaySeconds,
    tolerance: toleranceOf(spec, controllerDefaults.tolerance, features.configurableTolerance),
  };
  const strategies = metrics.map((metric, index) =>
    trackingStrategy(idOf(index), trackingOf(metric) ?? NEVER, judging),
  );
  return hpaPolicy(spec, strategies, controllerDefaults);
}

const plain = (milli: bigint): number => Number(milli) / 1000;

function snapshotOf(vector: CycleVector, metrics: readonly Metric[]): Snapshot {
  const { pods, observations, specReplicas, statusReplicas } = vector;
  const units = pods.map((pod, index) =>
    unitOf(
      pod,
      index,
      Object.fromEntries(
        observations.map(({ requests }, metric) => {
          const request = requests[index] ?? null;
          return [idOf(metric), request === null ? null : plain(request)];
        }),
      ),
    ),
  );
  return {
    capacity: { desired: specReplicas, running: statusReplicas, ready: servingUnits(units), pending: 0 },
    deployment: 'none',
    metrics: Object.fromEntries(
      metrics.map((metric, index) => [idOf(index), readingOf(metric, observations[index])]),
    ),
    units,
    schedule: NO_SCHEDULE,
    account: ALONE,
  };
}

function readingOf(metric: Metric, observation: z.infer<typeof Observation> | undefined): MetricReading {
  if (observation === undefined || observation.error || trackingOf(metric) === null) {
    return { kind: 'missing', reason: 'read-failed', detail: 'it could not be fetched' };
  }
  const { samples, extraSamples } = observation;
  const own = samples.flatMap((sample, index) =>
    sample === null ? [] : [{ unit: isPerPod(metric) ? unitId(index) : null, value: plain(sample) }],
  );
  const strays = extraSamples.map((sample) => ({ unit: null, value: plain(sample) }));
  return { kind: 'samples', samples: [...own, ...strays], at: NOW };
}

/** The wish of now is asked for first, without a past: it counts in any history. */
function decided(vector: CycleVector, policy: Policy, snapshot: Snapshot): Decision {
  const size = vector.specReplicas;
  const scaledToZero =
    vector.features.scaleToZero === 'condition' && vector.initialConditions?.['ScaledToZero']?.[0] === 'True';
  const withPast = (wish: number | null) =>
    decide(policy, snapshot, { ...stateWith(vector, policy, size, wish), scaledToZero }, SIGNAL, NOW);
  return withPast(rawWish(withPast(null)));
}

function cpuUtilization({ trace }: Decision, metrics: readonly Metric[]): number | null {
  const id = idOf(metrics.findIndex(isCpuUtilization));
  const step = trace.find((each) => each.step === 'proposal' && each.metric === id);
  return step?.step === 'proposal' ? step.value : null;
}
