import * as z from 'zod';
import { requestOf } from '../../../shared/core/hpa/unit-request.ts';
import {
  anyMatches,
  averageRatio,
  perUnitUsage,
  type Usage,
  utilizationRatio,
} from '../../../shared/core/hpa/usage.ts';
import { failed } from './replicas.ts';
import { byUnit } from './units.ts';
import { type Actual, Whole, wholeJson } from './vector.ts';

const Ratio = z.object({
  metricType: z.string(),
  samples: z.array(Whole.nullable()),
  requests: z.array(Whole.nullable()).default([]),
  extraSamples: z.array(Whole).default([]),
  extraRequests: z.array(Whole).default([]),
  target: Whole,
});

/** Kind `ratio`: samples, requests and target to the ratio of a metric. */
export function ratio(given: unknown): Actual {
  const vector = Ratio.parse(given);
  const samples = byUnit(vector.samples, vector.extraSamples);
  if (samples.size === 0) return failed('noSamples');
  if (!vector.metricType.endsWith('.Utilization')) return told(averageRatio(samples, vector.target));
  // Requests of pods without a sample: named apart from the samples of pods without a request.
  const spare = vector.extraRequests.map((request, index) => [`spare-${index}`, request] as const);
  const requests = new Map([...byUnit(vector.requests), ...spare]);
  return anyMatches(samples, requests)
    ? told(utilizationRatio(samples, requests, Number(vector.target)))
    : failed('noMatchingPods');
}

const told = ({ ratio: given, utilization, usage }: Usage): Actual => ({
  ratio: given,
  ...(utilization === null ? {} : { utilization }),
  usage: wholeJson(usage),
});

const PerPodUsage = z.object({ total: Whole, statusReplicas: z.int().nonnegative() });

/** Kind `perPodUsage`: the share of one pod as a status reports it. */
export function perPodUsage(given: unknown): Actual {
  const { total, statusReplicas } = PerPodUsage.parse(given);
  return { usage: wholeJson(perUnitUsage(total, statusReplicas)) };
}

const Container = z.object({ name: z.string(), requests: z.record(z.string(), Whole).default({}) });

const Requests = z.object({
  resource: z.string(),
  container: z.string().nullish(),
  podLevelRequests: z.boolean().default(false),
  pods: z.array(
    z.object({
      containers: z.array(Container),
      initContainers: z.array(Container.extend({ restartable: z.boolean().default(false) })).default([]),
      podRequests: z.record(z.string(), Whole).nullish(),
    }),
  ),
});

/** Kind `requests`: containers to what each pod has in all. */
export function requests(given: unknown): Actual {
  const vector = Requests.parse(given);
  const { resource, podLevelRequests } = vector;
  const container = vector.container === '' ? null : (vector.container ?? null);
  const answers = vector.pods.map(({ containers, initContainers, podRequests }) =>
    requestOf(
      {
        containers: containers.map((each) => ({ name: each.name, request: each.requests[resource] ?? null })),
        initContainers: initContainers.map((each) => ({
          ...each,
          request: each.requests[resource] ?? null,
        })),
        whole: podLevelRequests ? (podRequests?.[resource] ?? null) : null,
      },
      container,
    ),
  );
  const error = answers.find((answer) => typeof answer === 'string');
  if (error !== undefined) return failed(error);
  return { requests: answers.flatMap((answer) => (typeof answer === 'bigint' ? [wholeJson(answer)] : [])) };
}
