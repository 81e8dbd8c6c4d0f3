import * as z from 'zod';
import { completeRules, withDefaults } from '../../../shared/core/hpa/complete-rules.ts';
import { changeWithin, longestPeriod, recordChange } from '../../../shared/core/hpa/rate.ts';
import type { ScaleEvent } from '../../../shared/core/ledger-entry.ts';
import { NOW, scaleEvent } from './histories.ts';
import { type Actual, ChangeLog, GivenRules } from './vector.ts';

const direction = z.enum(['up', 'down']);
const FIELDS = { up: 'scaleUp', down: 'scaleDown' } as const;

const Defaults = z.object({ direction, given: GivenRules.nullish() });

/** Kind `defaults`: given rules to completed ones. */
export function defaults(given: unknown): Actual {
  const vector = Defaults.parse(given);
  return { ...withDefaults(FIELDS[vector.direction], vector.given ?? {}) };
}

const EventLog = z.object({
  direction,
  rules: GivenRules.nullish(),
  events: ChangeLog,
  windowSeconds: z.number(),
  scaledFrom: z.int().nonnegative(),
  scaledTo: z.int().nonnegative(),
});

/** Kind `eventLog`: what a change of size leaves in the log of its direction. Outdated events are dropped, not marked. */
export function eventLog(given: unknown): Actual {
  const vector = EventLog.parse(given);
  const way = vector.direction === 'up' ? 'out' : 'in';
  const events = vector.events.map((event) => scaleEvent(way, event));
  return {
    changeInWindowBefore: Math.abs(changeWithin(events, vector.windowSeconds, NOW)),
    eventsAfter: after(vector, events).map(({ change }) => ({ change, outdated: false })),
  };
}

function after(vector: z.infer<typeof EventLog>, events: readonly ScaleEvent[]): readonly ScaleEvent[] {
  const change = Math.abs(vector.scaledTo - vector.scaledFrom);
  // Without a behavior block nothing is stored, because nothing would read it.
  if (vector.rules === null || vector.rules === undefined || change === 0) return events;
  const rules = completeRules(FIELDS[vector.direction], vector.rules);
  const event = scaleEvent(vector.direction === 'up' ? 'out' : 'in', { ageSeconds: 0, change });
  return recordChange(events, event, longestPeriod(rules));
}
