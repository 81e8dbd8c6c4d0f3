import type { MissingReason } from './capacity.ts';
import type { MetricScope } from './metric.ts';
import type { SizeChange, StepScalingStrategy } from './strategy.ts';
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
  'frozen',
  'would-flap',
  'incident',
  'recovering',
  'change-budget',
  'quota',
  'owned-elsewhere',
  'stopped-at-zero',
  'resource-limit',
  'resource-busy',
  'connection-budget',
  'tier-order',
  'plan-stopped',
  'one-step',
  'outside-maintenance',
] as const;

/** Why a decision is to do nothing. */
export type HoldReason = (typeof HOLD_REASONS)[number];

/** Every reason why a target may go no further now. */
export const LIMIT_REASONS = [
  'resource-limit',
  'resource-busy',
  'connection-budget',
  'tier-order',
  'plan-stopped',
] as const satisfies readonly HoldReason[];

/**
 * Why a target may go no further now. `resource-limit`: its service, its data or what was not created by us. `resource-busy`:
 * its service is at work on it. The others come from the plan of its application.
 */
export type LimitReason = (typeof LIMIT_REASONS)[number];

/** What made a resize necessary. */
export type ResizeCause =
  | 'policy'
  | 'bounds'
  /** The bounds of a schedule window. */
  | 'schedule'
  /** The floor or ceiling of an operator. */
  | 'override'
  /** The least size that the plan of the application needs. */
  | 'plan'
  | 'fallback'
  | 'manual'
  | 'pin';

/** The direction of a change of size. */
export type Direction = 'out' | 'in';

/** Where a metric stands to what its strategy wants. `below`: less would do. */
export type ProposalVerdict = 'above' | 'below' | 'within-tolerance' | 'covered-by-pending';

interface Proposing {
  readonly step: 'proposal';
  /** The id of the strategy: that of its (first) metric. */
  readonly metric: string;
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  /** The size that was asked for when the metric was read. */
  readonly size: number;
  readonly wish: number;
  readonly verdict: ProposalVerdict;
  readonly scope: MetricScope;
  /** What all units carry together, in the unit of the metric: divided by a size it is the metric at that size. Null = unknown. */
  readonly carried: number | null;
  /** The metric of one unit above which this strategy asks for scale-out; null = it never does. */
  readonly outAbove: number | null;
}

/** Target tracking: `size = units × value / target`. */
export interface TrackingProposal extends Proposing {
  readonly strategy: 'target-tracking';
  readonly scope: 'average' | 'total';
  readonly target: number;
  /** Units that served when the metric was measured. */
  readonly ready: number;
  /** Exact wish before rounding up. */
  readonly exact: number;
  /** How the units of a tier that reports them one by one were counted; null for a plain value. */
  readonly units: {
    readonly ready: number;
    readonly unready: number;
    readonly missing: number;
    readonly ignored: number;
    /** Filled in for missing and unready units, the ratio that decided. */
    readonly ratio: number;
  } | null;
  /** The activation threshold, where the value did not exceed it and so no unit is needed. */
  readonly activation?: number | undefined;
}

/** Step scaling: the step whose interval holds the difference `value − threshold`. */
export interface StepProposal extends Proposing {
  readonly strategy: 'step';
  readonly side: Direction | null;
  readonly threshold: number | null;
  readonly adjustmentType: StepScalingStrategy['adjustmentType'];
  /** As the policy says it; null where no step holds the difference. */
  readonly adjustment: number | null;
}

/** A sustained threshold. */
export interface ThresholdProposal extends Proposing {
  readonly strategy: 'threshold';
  readonly side: Direction | null;
  readonly threshold: number | null;
  readonly forSeconds: number;
  /** Seconds for which every datapoint has been beyond the threshold, up to `forSeconds`. */
  readonly sustainedSeconds: number;
  readonly change: SizeChange | null;
}

/** Workers for a queue. */
export interface QueueProposal extends Proposing {
  readonly strategy: 'queue';
  /** Messages that one worker may have waiting; null where the execution time is missing, and then there is no division. */
  readonly perWorker: number | null;
  /** Exact wish of the division before rounding up; null without one. */
  readonly exact: number | null;
  readonly memory: number | null;
  /** What bends the plain division: memory pressure asks for one more; idle time or memory hold a cut. */
  readonly because:
    | 'backlog'
    | 'memory-high'
    | 'not-idle-yet'
    | 'memory-not-low'
    | 'memory-shared'
    | 'activation';
}

/** A size computed by a formula. */
export interface ExpressionProposal extends Proposing {
  readonly strategy: 'expression';
  readonly source: string;
  /** Metric ids and values that went into it. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly exact: number;
}

/** A desired size of an open schedule window. */
export interface ScheduleProposal extends Proposing {
  readonly strategy: 'schedule';
  readonly window: string;
  readonly until: Instant | null;
}

/** What a strategy proposed, with its arithmetic. */
export type ProposalStep =
  | TrackingProposal
  | StepProposal
  | ThresholdProposal
  | QueueProposal
  | ExpressionProposal
  | ScheduleProposal;

/** A metric that could not be used. */
export interface MissingStep {
  readonly step: 'missing';
  readonly metric: string;
  readonly label: string;
  readonly reason: MissingReason;
  readonly detail: string;
}

/** One line of the arithmetic that led to a decision, with every number in it. */
export type Step =
  | ProposalStep
  | MissingStep
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
