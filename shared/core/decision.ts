import type { MissingReason } from './capacity.ts';
import type { Instant } from './time.ts';

/** Every reason for not resizing. Event field, metric dimension and legend of the console, all from this one list. */
export const HOLD_REASONS = [
  'at-desired',
  'within-tolerance',
  'at-minimum',
  'at-maximum',
  'resize-in-flight',
  'deployment-in-progress',
  'paused',
  'pinned',
  'cooldown-out',
  'cooldown-in',
  'stabilizing-out',
  'stabilizing-in',
  'rate-limited',
  'direction-disabled',
  'metric-missing',
  'blind',
  'failed-recently',
  'outside-bounds',
  'target-missing',
] as const;

/** Why a decision is to do nothing. */
export type HoldReason = (typeof HOLD_REASONS)[number];

/** What made a resize necessary. */
export type ResizeCause = 'policy' | 'bounds' | 'fallback' | 'manual' | 'pin';

/** The direction of a change of size. */
export type Direction = 'out' | 'in';

/** One line of the arithmetic that led to a decision, with every number in it. */
export type Step =
  | {
      readonly step: 'proposal';
      readonly strategy: 'target-tracking';
      readonly metric: string;
      readonly label: string;
      readonly unit: string;
      readonly scope: 'average' | 'total';
      readonly value: number;
      readonly target: number;
      /** Units that served when the metric was measured. */
      readonly ready: number;
      /** The size that was asked for when the metric was read. */
      readonly size: number;
      /** Exact wish before rounding up. */
      readonly exact: number;
      readonly wish: number;
      readonly verdict: 'above' | 'below' | 'within-tolerance' | 'covered-by-pending';
    }
  | {
      readonly step: 'missing';
      readonly metric: string;
      readonly label: string;
      readonly reason: MissingReason;
      readonly detail: string;
    }
  | {
      readonly step: 'merge';
      readonly wish: number | null;
      readonly from: string | null;
      readonly blind: readonly string[];
    }
  | { readonly step: 'request'; readonly wish: number; readonly cause: ResizeCause; readonly detail: string }
  | {
      readonly step: 'guard';
      readonly guard: string;
      readonly effect: 'amend' | 'hold';
      readonly reason: HoldReason;
      readonly from: number;
      readonly to: number;
      readonly until: Instant | null;
      readonly detail: string;
    };

/** What is to be done, with the whole trace. */
export type Decision =
  | {
      readonly kind: 'resize';
      readonly from: number;
      readonly to: number;
      readonly direction: Direction;
      readonly cause: ResizeCause;
      /** What the strategies wished before any guard; null when they were not asked. */
      readonly wish: number | null;
      /** The last guard that changed the wish without stopping it, or null. */
      readonly limitedBy: HoldReason | null;
      readonly trace: readonly Step[];
    }
  | {
      readonly kind: 'hold';
      readonly reason: HoldReason;
      readonly size: number;
      readonly wish: number | null;
      /** When this reason ends by itself; null when time alone does not change it or the end is unknown. */
      readonly until: Instant | null;
      readonly trace: readonly Step[];
    };
