import type { TargetId } from './target.ts';
import type { Instant } from './time.ts';

/** The three states of a CloudWatch alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

interface SignalBase {
  /** Identifies the signal in logs and events: the id of the event that carried it, where there is one. */
  readonly id: string;
  readonly target: TargetId;
  /** When it was seen. */
  readonly at: Instant;
}

/** Why we are asked, about which target, seen when. */
export type Signal =
  | (SignalBase & { readonly kind: 'alarm'; readonly alarm: string; readonly state: AlarmState })
  | (SignalBase & { readonly kind: 'sweep' })
  | (SignalBase & { readonly kind: 'drift' })
  /** An override was set or cleared. */
  | (SignalBase & { readonly kind: 'override' })
  | (SignalBase & {
      readonly kind: 'manual';
      readonly size: number;
      readonly reason: string;
      readonly owner: string;
      readonly expiresAt: Instant;
    });
