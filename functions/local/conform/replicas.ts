import * as z from 'zod';
import type { UnitState } from '../../../shared/core/capacity.ts';
import { groupUnits, type ReadinessGate } from '../../../shared/core/hpa/group-units.ts';
import { sumOf } from '../../../shared/core/hpa/int-arithmetic.ts';
import type { Tolerance } from '../../../shared/core/hpa/tolerance.ts';
import { sharedReplicas, valueReplicas } from '../../../shared/core/hpa/total-replicas.ts';
import { type UnitGoal, unitReplicas } from '../../../shared/core/hpa/unit-replicas.ts';
import { type CalculationError, perUnitUsage } from '../../../shared/core/hpa/usage.ts';
import { byUnit, unitId, unitOf } from './units.ts';
import { type Actual, Pod, Whole, wholeJson } from './vector.ts';

const ages = z.array(z.number().nullable()).default([]);

const Gate = {
  cpuInitializationPeriodSeconds: z.number().default(300),
  initialReadinessDelaySeconds: z.number().default(30),
  resource: z.string().nullish(),
};

const Replicas = z.object({
  metricType: z.string().regex(/^(Resource|ContainerResource|Pods|Object|External)\./),
  currentReplicas: z.int().nonnegative(),
  statusReplicas: z.int().nonnegative().nullish(),
  target: Whole,
  tolerance: z.object({ up: z.number(), down: z.number() }),
  ...Gate,
  ready: z.array(z.boolean().nullable()).default([]),
  phase: z.array(z.string()).default([]),
  deleting: z.array(z.boolean()).default([]),
  startedSecondsAgo: ages,
  readyTransitionSecondsAgo: ages,
  sampleAgeSeconds: ages,
  sampleWindowSeconds: ages,
  samples: z.array(Whole.nullable()),
  extraSamples: z.array(Whole).default([]),
  requests: z.array(Whole.nullable()).default([]),
  container: z.string().nullish(),
  containerSamples: z.array(z.record(z.string(), z.unknown()).nullable()).nullish(),
});

type Replicas = z.infer<typeof Replicas>;

/** The answer to a metric that cannot speak. */
export const failed = (errorKind: CalculationError): Actual => ({ error: true, errorKind });

/** Kind `replicas`: one metric to its proposal. */
export function replicas(given: unknown): Actual {
  const vector = Replicas.parse(given);
  const units = unitsOf(vector);
  const tolerance = { out: vector.tolerance.up, in: vector.tolerance.down };
  return /^(Object|External)\./.test(vector.metricType)
    ? ofTotal(vector, units, tolerance)
    : ofUnits(vector, units, tolerance);
}

function unitsOf(vector: Replicas): readonly UnitState[] {
  const { ready, phase, startedSecondsAgo, metricType, samples } = vector;
  const measured = /^(Object|External)\./.test(metricType) ? 0 : samples.length;
  const pods = Math.max(ready.length, phase.length, startedSecondsAgo.length, measured);
  return Array.from({ length: pods }, (_, index) =>
    unitOf(
      {
        ready: vector.ready[index],
        phase: vector.phase[index] ?? 'Running',
        deleting: vector.deleting[index] ?? false,
        startedSecondsAgo: vector.startedSecondsAgo[index],
        readyTransitionSecondsAgo: vector.readyTransitionSecondsAgo[index],
        sampleAgeSeconds: vector.sampleAgeSeconds[index],
        sampleWindowSeconds: vector.sampleWindowSeconds[index],
      },
      index,
    ),
  );
}

function ofTotal(vector: Replicas, units: readonly UnitState[], tolerance: Tolerance): Actual {
  const given = [...vector.samples, ...vector.extraSamples].filter((sample) => sample !== null);
  if (given.length === 0) return failed('noSamples');
  const total = sumOf(given);
  const question = { total, target: vector.target, tolerance };
  if (vector.metricType.endsWith('.Value')) {
    const answer = valueReplicas(question, vector.currentReplicas, units);
    if (answer === null) return failed('noMatchingPods');
    return { replicas: answer.size, usage: wholeJson(total), ratio: answer.ratio };
  }
  const running = vector.statusReplicas ?? vector.currentReplicas;
  const { size, ratio } = sharedReplicas(question, running);
  return { replicas: size, usage: wholeJson(perUnitUsage(total, running)), ratio };
}

function ofUnits(vector: Replicas, units: readonly UnitState[], tolerance: Tolerance): Actual {
  if (lacksContainer(vector, units)) return failed('containerNotFound');
  const answer = unitReplicas({
    size: vector.currentReplicas,
    units,
    samples: byUnit(vector.samples, vector.extraSamples),
    goal: goalOf(vector),
    tolerance,
    gate: gateOf(vector),
  });
  if (answer.kind === 'error') return failed(answer.error);
  const { seen, size } = answer;
  return {
    replicas: size,
    usage: wholeJson(seen.usage),
    ...(seen.utilization === null ? {} : { utilization: seen.utilization }),
    ratio: seen.ratio,
  };
}

function goalOf({ metricType, target, requests }: Replicas): UnitGoal {
  return metricType.endsWith('.Utilization')
    ? { kind: 'utilization', percent: Number(target), requests: byUnit(requests) }
    : { kind: 'average', value: target };
}

/** A named container that no pod with samples has at all. */
function lacksContainer({ container, containerSamples, samples }: Replicas, units: readonly UnitState[]) {
  if (typeof container !== 'string' || !Array.isArray(containerSamples)) return false;
  if (samples.some((sample) => sample !== null)) return false;
  return containerSamples.some(
    (split, index) =>
      split !== null &&
      Object.keys(split).length > 0 &&
      !(container in split) &&
      units[index]?.deleting === false,
  );
}

/** Readiness gates CPU alone. */
function gateOf(vector: z.infer<z.ZodObject<typeof Gate>>): ReadinessGate | null {
  return vector.resource === 'cpu'
    ? {
        initializationSeconds: vector.cpuInitializationPeriodSeconds,
        readinessDelaySeconds: vector.initialReadinessDelaySeconds,
      }
    : null;
}

const Grouping = z.object({
  ...Gate,
  pods: z.array(Pod.extend({ sample: Whole.nullish() })),
});

/** Kind `grouping`: pods to groups, by their indexes. */
export function grouping(given: unknown): Actual {
  const vector = Grouping.parse(given);
  const units = vector.pods.map((pod, index) => unitOf(pod, index));
  const samples = byUnit(vector.pods.map(({ sample }) => sample ?? null));
  const { ready, unready, missing, ignored } = groupUnits(units, samples, gateOf(vector));
  const indexes = (ids: readonly string[]) =>
    units.flatMap((_, index) => (ids.includes(unitId(index)) ? [index] : []));
  return {
    readyCount: ready,
    unready: indexes(unready),
    missing: indexes(missing),
    ignored: indexes(ignored),
  };
}
