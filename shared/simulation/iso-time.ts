import type { Instant } from '../core/time.ts';

/** ISO 8601 with milliseconds and `Z`, as ECS writes it. */
export const isoMillis = (at: Instant): string => new Date(at).toISOString();

/** ISO 8601 with milliseconds and `+0000`, as CloudWatch alarms write it. */
export const isoOffset = (at: Instant): string => isoMillis(at).replace('Z', '+0000');

/** ISO 8601 in whole seconds, as the envelope of EventBridge has it. */
export const isoSeconds = (at: Instant): string => `${isoMillis(at).slice(0, 19)}Z`;
