import type { UnitState } from '../../../shared/core/capacity.ts';
import type { Pod } from './vector.ts';

/** The name of the pod at an index. */
export const unitId = (index: number): string => `pod-${index}`;

const PHASES: Readonly<Record<string, UnitState['phase']>> = {
  Pending: 'pending',
  Succeeded: 'succeeded',
  Failed: 'failed',
};

/** A pod as a unit of the core. `requests`: by metric id. */
export function unitOf(pod: Pod, index: number, requests: UnitState['requests'] = {}): UnitState {
  return {
    id: unitId(index),
    phase: PHASES[pod.phase] ?? 'running',
    ready: pod.ready ?? null,
    deleting: pod.deleting,
    startedSecondsAgo: pod.startedSecondsAgo ?? null,
    readyChangedSecondsAgo: pod.readyTransitionSecondsAgo ?? null,
    requests,
    sampleAgeSeconds: pod.sampleAgeSeconds ?? 0,
    sampleWindowSeconds: pod.sampleWindowSeconds ?? 60,
  };
}

/** Values by the name of their pod; null = none. `strays` belong to pods that are not in the list. */
export function byUnit<T>(values: readonly (T | null)[], strays: readonly T[] = []): ReadonlyMap<string, T> {
  const own = values.flatMap((value, index) => (value === null ? [] : [[unitId(index), value] as const]));
  return new Map([...own, ...strays.map((value, index) => [`stray-${index}`, value] as const)]);
}
