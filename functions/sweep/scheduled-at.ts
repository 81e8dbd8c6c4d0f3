import * as z from 'zod/mini';
import { awsTime } from '../../events/contracts/event-bridge.ts';
import { type Instant, instant } from '../../shared/core/time.ts';

const tick = z.object({ scheduledTime: awsTime });

/** When a tick was meant to come, as the schedule's input says; null for a call that does not come from the schedule. */
export function scheduledAt(event: unknown): Instant | null {
  const read = tick.safeParse(event);
  return read.success ? instant(read.data.scheduledTime) : null;
}
