import type { Policy } from '../../../shared/core/policy.ts';
import { isVertical } from '../../../shared/core/target.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { tierSizes } from './tier-sizes.ts';

/** How one tier behind the services, or one ladder, fared over a run. Sizes are units, or places on the ladder. */
export interface TierScore {
  /** Hours of units that exist, ready or not; null for a ladder, whose units are not alike. */
  readonly unitHours: number | null;
  readonly minDesired: number;
  readonly maxDesired: number;
  /** Changes of the desired size. */
  readonly resizes: number;
  /** Share of time, in percent, with fewer ready units than were asked for. */
  readonly notReadyPct: number;
}

/** What became of the load on the databases over a run. */
export interface DatabasesScore {
  readonly reads: number;
  readonly failedReads: number;
  readonly failedWrites: number;
  readonly refusedConnections: number;
  /** Reads handed to a node that had never been ready. */
  readonly neverReadyReads: number;
  /** Queries beyond what the nodes could answer. */
  readonly overloadedQueries: number;
  readonly deletions: number;
}

/** What a run came to behind its services. */
export interface TierReport {
  /** By policy name. */
  readonly tiers: Readonly<Record<string, TierScore>>;
  readonly databases?: DatabasesScore;
  /** Share of the reads of caches that they answered, in percent, as a mean over time. */
  readonly cacheHitRatePct?: number;
}

interface Card {
  readonly policy: Policy;
  seconds: number;
  unitSeconds: number;
  notReadySeconds: number;
  min: number;
  max: number;
  last: number | null;
  resizes: number;
}

/** Adds up how the tiers of an account fare; a run without any costs nothing. */
export class TierScores {
  readonly #plant: Plant;
  readonly #cards: readonly Card[];
  #seconds = 0;
  #hitSeconds = 0;

  constructor(plant: Plant, policies: readonly Policy[]) {
    this.#plant = plant;
    this.#cards = policies
      .filter(({ target }) => target.kind !== 'ecs-service')
      .map((policy) => ({
        ...{ policy, seconds: 0, unitSeconds: 0, notReadySeconds: 0, last: null, resizes: 0 },
        ...{ min: Number.POSITIVE_INFINITY, max: 0 },
      }));
    this.observe(0);
  }

  /** Counts a stretch of `seconds` at whose end the tiers look as they do now. */
  observe(seconds: number): void {
    if (this.#cards.length === 0) return;
    const databases = this.#plant.databases.views();
    this.#seconds += seconds;
    this.#hitSeconds += seconds * this.#plant.caches.hitRate();
    for (const card of this.#cards) {
      const sizes = tierSizes(card.policy.target, this.#plant, databases);
      if (sizes === null) continue;
      const { desired, running, ready, pending } = sizes;
      card.seconds += seconds;
      card.unitSeconds += seconds * (running + pending);
      if (ready < desired) card.notReadySeconds += seconds;
      if (card.last !== null && card.last !== desired) card.resizes += 1;
      card.last = desired;
      card.min = Math.min(card.min, desired);
      card.max = Math.max(card.max, desired);
    }
  }

  /** The report so far; null where there is no tier. */
  report(): TierReport | null {
    if (this.#cards.length === 0) return null;
    const { instances, total, deletions } = this.#plant.databases.views();
    const tiers = Object.fromEntries(this.#cards.map((card) => [card.policy.name, scoreOf(card)]));
    const { reads, failedReads, failedWrites, refusedConnections, neverReady, overloaded } = total;
    const databases = {
      ...{ reads: Math.round(reads), failedReads: Math.round(failedReads) },
      ...{ failedWrites: Math.round(failedWrites), refusedConnections: Math.round(refusedConnections) },
      ...{ neverReadyReads: Math.round(neverReady), overloadedQueries: Math.round(overloaded) },
      deletions: deletions.length,
    };
    return {
      tiers,
      ...(instances.length === 0 ? {} : { databases }),
      ...(this.#plant.caches.ids().length === 0
        ? {}
        : { cacheHitRatePct: thousandths((100 * this.#hitSeconds) / Math.max(1, this.#seconds)) }),
    };
  }
}

function scoreOf({ policy, seconds, unitSeconds, notReadySeconds, min, max, resizes }: Card): TierScore {
  return {
    unitHours: isVertical(policy.target) ? null : thousandths(unitSeconds / 3600),
    minDesired: Number.isFinite(min) ? min : 0,
    ...{ maxDesired: max, resizes },
    notReadyPct: thousandths((100 * notReadySeconds) / Math.max(1, seconds)),
  };
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
