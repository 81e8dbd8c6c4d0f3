import type * as z from 'zod';
import type { RecommendationRun, ScaleEvent, TargetState } from '../../../shared/core/ledger-entry.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import { type Instant, instant, plusSeconds } from '../../../shared/core/time.ts';
import { firstSight } from '../../../shared/core/transitions.ts';
import type { Histories } from './vector.ts';

/** The `now` of every vector: times are ages before it, so that any will do. */
export const NOW: Instant = instant(1_800_000_000_000);

const ago = (seconds: number): Instant => plusSeconds(NOW, -seconds);

/** A change of size of the log. */
export const scaleEvent = (
  direction: ScaleEvent['direction'],
  { ageSeconds, change }: { readonly ageSeconds: number; readonly change: number },
): ScaleEvent => ({ at: ago(ageSeconds), direction, change });

/**
 * The memory of a target. A vector lists wishes at single moments, while here a wish stands until the next one: each is made
 * to end at its own moment, and the wish of now follows the last, because it counts in any case.
 */
export function stateWith(
  histories: z.infer<typeof Histories>,
  policy: Policy,
  size: number,
  wish: number | null,
): TargetState {
  const seen = firstSight(policy, size, NOW);
  const { recommendations, scaleUpEvents, scaleDownEvents } = histories;
  const known = recommendations ?? seen.recommendations.map(() => ({ ageSeconds: 0, replicas: size }));
  return {
    ...seen,
    recommendations: runsOf(known, wish),
    scaleEvents: [
      ...scaleUpEvents.map((event) => scaleEvent('out', event)),
      ...scaleDownEvents.map((event) => scaleEvent('in', event)),
    ],
  };
}

function runsOf(
  samples: readonly { readonly ageSeconds: number; readonly replicas: number }[],
  wish: number | null,
): readonly RecommendationRun[] {
  const oldestFirst = [...samples].sort((a, b) => b.ageSeconds - a.ageSeconds);
  const runs = oldestFirst.map(({ ageSeconds, replicas }, index) => ({
    wish: replicas,
    since: ago(oldestFirst[index - 1]?.ageSeconds ?? ageSeconds),
  }));
  const youngest = oldestFirst.at(-1);
  if (youngest === undefined || wish === null) return runs;
  return [...runs, { wish, since: ago(youngest.ageSeconds) }];
}
