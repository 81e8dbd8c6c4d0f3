import { type Instant, instant, plusSeconds, secondsBetween } from '../../../shared/core/time.ts';
import { loadTrace } from '../../../shared/simulation/load-trace.ts';
import { constantWorkload, traceWorkload, type Workload } from '../../../shared/simulation/workload.ts';
import { seconds } from './happening-schema.ts';
import type { Scenario } from './scenario.ts';

type Steps = NonNullable<Scenario['load']['steps']>;

/**
 * The load of a scenario, in its own time.
 * @throws ControllerError `invalid` when its trace cannot be read, or has no such window.
 */
export async function scenarioWorkload({ load, start, seconds: length }: Scenario): Promise<Workload> {
  const { scale = 1 } = load;
  const end = plusSeconds(start, length);
  if (load.steps !== undefined) return steppedWorkload(load.steps, scale, start, end);
  if (load.trace === undefined) return constantWorkload((load.constant ?? 0) * scale, start, end);
  const { trace } = await loadTrace(load.trace);
  const window = traceWorkload(trace, { fromSeconds: seconds(load.from ?? '0s'), seconds: length });
  return {
    start,
    end,
    loadAt: (at) => window.loadAt(instant(window.start + (at - start))) * scale,
    percentile: (share) => window.percentile(share) * scale,
  };
}

/** Each step holds from its moment on, reached in a straight line where it says over how long. */
function steppedWorkload(steps: Steps, scale: number, start: Instant, end: Instant): Workload {
  const loadAt = (at: Instant): number => scale * loadOf(steps, secondsBetween(start, at));
  const every = Array.from({ length: Math.floor(secondsBetween(start, end) / 10) + 1 }, (_, index) =>
    loadAt(plusSeconds(start, index * 10)),
  ).sort((one, other) => one - other);
  const percentile = (share: number): number => every[Math.floor(share * (every.length - 1))] ?? 0;
  return { start, end, loadAt, percentile };
}

function loadOf(steps: Steps, second: number): number {
  const index = steps.findLastIndex(({ at }) => seconds(at) <= second);
  const step = steps[index];
  if (step === undefined) return steps[0]?.load ?? 0;
  const over = step.over === undefined ? 0 : seconds(step.over);
  const passed = second - seconds(step.at);
  if (passed >= over) return step.load;
  const before = steps[index - 1]?.load ?? step.load;
  return before + ((step.load - before) * passed) / over;
}
