import { type Instant, instant, plusSeconds } from '../../core/time.ts';
import type { MetricQuestion } from './metric-questions.ts';

/** "A single GetMetricData call can include as many as 500 MetricDataQuery structures." */
export const QUERIES_A_CALL = 500;

/** Datapoints with periods below a minute are kept for three hours, and an earlier StartTime returns none of them. */
const HIGH_RESOLUTION_REACH_SECONDS = 3 * 3600;

/** Periods whose common multiple is longer would stretch the window of a whole call. */
const LONGEST_COMMON_STEP_SECONDS = 3600;

/** How far past now to look: it tells a metric whose clock runs ahead from one without data. */
const FUTURE_SECONDS = 120;

/** What the questions of a call have in common. */
interface Extent {
  readonly queries: number;
  /** A multiple of every period in the call. */
  readonly stepSeconds: number;
  readonly lookBackSeconds: number;
  readonly shortestPeriodSeconds: number;
  readonly alone: boolean;
}

/** Questions that go out in one GetMetricData. */
export interface MetricCall {
  readonly questions: readonly MetricQuestion[];
  readonly extent: Extent;
}

/** Shares questions out over as few calls as their limits allow; an expression is never split. */
export function callsFor(questions: readonly MetricQuestion[]): readonly MetricCall[] {
  const calls: { readonly questions: MetricQuestion[]; extent: Extent }[] = [];
  // Those that look back as far as each other together: the longest window of a call is that of all its metrics.
  for (const question of [...questions].sort((a, b) => a.lookBackSeconds - b.lookBackSeconds)) {
    const own = extentOf(question);
    const open = calls.find(({ extent }) => fits(extent, own));
    if (open === undefined) {
      calls.push({ questions: [question], extent: own });
    } else {
      open.questions.push(question);
      open.extent = joined(open.extent, own);
    }
  }
  return calls;
}

/** The two halves of a call: how one question that CloudWatch refuses is told from the others. */
export function halvesOf({ questions }: MetricCall): readonly MetricCall[] {
  const middle = Math.ceil(questions.length / 2);
  return [questions.slice(0, middle), questions.slice(middle)].flatMap(callsFor);
}

const extentOf = ({ queries, periodSeconds, lookBackSeconds, alone }: MetricQuestion): Extent => ({
  queries,
  stepSeconds: periodSeconds,
  lookBackSeconds,
  shortestPeriodSeconds: periodSeconds,
  alone,
});

const joined = (a: Extent, b: Extent): Extent => ({
  queries: a.queries + b.queries,
  stepSeconds: leastCommonMultiple(a.stepSeconds, b.stepSeconds),
  lookBackSeconds: Math.max(a.lookBackSeconds, b.lookBackSeconds),
  shortestPeriodSeconds: Math.min(a.shortestPeriodSeconds, b.shortestPeriodSeconds),
  alone: a.alone || b.alone,
});

function fits(call: Extent, own: Extent): boolean {
  const both = joined(call, own);
  const stepStays = both.stepSeconds === call.stepSeconds && both.stepSeconds === own.stepSeconds;
  const reach = both.lookBackSeconds + both.stepSeconds;
  return (
    !both.alone &&
    both.queries <= QUERIES_A_CALL &&
    (stepStays || both.stepSeconds <= LONGEST_COMMON_STEP_SECONDS) &&
    (both.shortestPeriodSeconds >= 60 || reach <= HIGH_RESOLUTION_REACH_SECONDS)
  );
}

const leastCommonMultiple = (a: number, b: number): number => (a / greatestCommonDivisor(a, b)) * b;

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

/**
 * The time that a call asks about, aligned to every period in it: CloudWatch counts periods from StartTime on, so an
 * unaligned start would cut other datapoints than those that the alarms of the policy see.
 */
export function windowOf(
  { extent }: MetricCall,
  now: Instant,
): { readonly start: Instant; readonly end: Instant } {
  const step = extent.stepSeconds * 1000;
  const start = Math.floor(plusSeconds(now, -extent.lookBackSeconds) / step) * step;
  const end = Math.ceil(plusSeconds(now, FUTURE_SECONDS) / step) * step;
  return { start: instant(start), end: instant(end) };
}
