import type { MetricSpec } from '../core/metric.ts';
import type { IncidentGuard } from '../core/policy.ts';
import type { Target } from '../core/target.ts';
import { checkStale } from './checks.ts';
import { type MissingRule, metricSpec } from './metric-spec.ts';
import type { DocumentPath, Report } from './problem.ts';
import type { MetricDocument } from './schema/metric.ts';
import type { Operation } from './schema/operation.ts';

/** How far back load and errors are compared with themselves: a rule on the same metric may look back only briefly. */
const HISTORY_SECONDS = 3600;

/** Percent of requests answered with an error above which a fall of the load is an incident. */
const ERROR_RATE = 5;

type IncidentDocument = NonNullable<Operation['incident']>;

/** Where and how an incident document is read. */
interface Context {
  readonly target: Target;
  readonly missing: MissingRule;
  readonly stalePath: DocumentPath;
  readonly path: DocumentPath;
  readonly report: Report;
}

/** An incident document with its defaults, or null after reporting what it lacks. */
export function compileIncident(document: IncidentDocument, context: Context): IncidentGuard | null {
  const metric = (key: 'load' | 'errors', written: MetricDocument): MetricSpec => {
    const spec = metricSpec(written, { ...context, path: [...context.path, key] }, HISTORY_SECONDS);
    checkStale(spec, context.stalePath, context.report);
    return spec;
  };
  const errorsAbove = errorsAboveOf(document, context);
  const guard = {
    load: metric('load', document.load),
    errors: metric('errors', document.errors),
    drop: (document.dropPercent ?? 50) / 100,
    ...holdOf(document, context),
    rampPercent: document.rampPercent ?? 10,
    rampSeconds: document.rampSeconds ?? 1800,
  };
  return errorsAbove === null ? null : { ...guard, errorsAbove };
}

function errorsAboveOf(document: IncidentDocument, { path, report }: Context): number | null {
  if (document.errorsAbove !== undefined) return document.errorsAbove;
  if ('preset' in document.errors && document.errors.preset === 'error-rate') return ERROR_RATE;
  report([...path, 'errorsAbove'], 'is missing (give the value of errors that is not normal)', 'key');
  return null;
}

function holdOf(
  document: IncidentDocument,
  { path, report }: Context,
): Pick<IncidentGuard, 'holdSeconds' | 'longestHoldSeconds'> {
  const { holdSeconds = 600, longestHoldSeconds = 3600 } = document;
  if (longestHoldSeconds < holdSeconds) {
    const key = document.longestHoldSeconds === undefined ? 'holdSeconds' : 'longestHoldSeconds';
    report(
      [...path, key],
      `the longest hold of ${longestHoldSeconds} s is shorter than one hold of ${holdSeconds} s (raise longestHoldSeconds or lower holdSeconds)`,
    );
  }
  return { holdSeconds, longestHoldSeconds };
}
