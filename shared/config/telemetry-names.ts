/**
 * Every metric that the controller publishes about itself, with its unit and dimensions.
 * Dimensions have few values on purpose (a metric with its dimensions is billed as one custom metric): targets are
 * named in log lines, never in dimensions. Infra builds its alarms from this list.
 */
export const CONTROLLER_METRICS = {
  /** Decisions by kind (`resize`, `hold`) and reason (the cause of a resize, the reason of a hold). */
  Decisions: { unit: 'Count', dimensions: ['Kind', 'Reason'] },
  /** Seconds from the signal to the settled resize, by outcome (`completed`, `failed`). */
  ResizeDuration: { unit: 'Seconds', dimensions: ['Outcome'] },
  /** Commits that lost against another writer. */
  LedgerConflicts: { unit: 'Count', dimensions: [] },
  /** Seconds that due targets waited for the sweep beyond the tick that it was called for; one value a sweep, so its count tells that sweeps run. */
  SweepLag: { unit: 'Seconds', dimensions: [] },
  /** Things that went wrong with one target and will be tried again: a resize not accepted, a target not evaluated. */
  Problems: { unit: 'Count', dimensions: [] },
  /** Messages that can never succeed and were set aside. */
  PoisonMessages: { unit: 'Count', dimensions: [] },
  /** Records of a batch that failed and will be delivered again. */
  FailedRecords: { unit: 'Count', dimensions: [] },
} as const satisfies Readonly<
  Record<string, { readonly unit: 'Count' | 'Seconds'; readonly dimensions: readonly string[] }>
>;

/** The name of a metric of the controller. */
export type ControllerMetric = keyof typeof CONTROLLER_METRICS;

/** A value for every dimension of a metric. */
export type MetricDimensions<M extends ControllerMetric> = Readonly<
  Record<(typeof CONTROLLER_METRICS)[M]['dimensions'][number], string>
>;
