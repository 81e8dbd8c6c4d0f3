import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataOutput,
} from '@aws-sdk/client-cloudwatch';
import type { MetricReading } from '../../core/capacity.ts';
import type { ControllerError } from '../../core/controller-error.ts';
import type { Instant } from '../../core/time.ts';
import type { MetricSource } from '../../ports/metric-source.ts';
import { inParallel } from './batching.ts';
import { answersOf, missing, readingOf } from './metric-answers.ts';
import { callsFor, halvesOf, type MetricCall, QUERIES_A_CALL, windowOf } from './metric-calls.ts';
import { answerId, type MetricQuestion, queriesOf, questionsOf, whyUnaskable } from './metric-questions.ts';
import { perUnitMetrics } from './per-unit-metrics.ts';
import { translateSdkError } from './sdk-errors.ts';

/** GetMetricData calls at the same time. */
const CALLS_AT_ONCE = 4;

/** Pages of one call: the windows asked for fit into one; more than this is a token that leads nowhere. */
const PAGES = 20;

/** How often a refused call is halved in one read: finds a few bad expressions among hundreds, and then gives up. */
const SPLITS = 30;

type Readings = readonly (readonly [key: string, MetricReading])[];

/** What became of a question: readings for its requests, or the error that hit the call. */
type Outcome =
  | { readonly readings: Readings }
  | { readonly question: MetricQuestion; readonly error: ControllerError };

/** Reads metrics with GetMetricData: many targets a call, the same data asked for once. */
export function cloudWatchMetricSource(client: CloudWatchClient): MetricSource {
  return perUnitMetrics({
    async read(requests, now) {
      const questions = questionsOf(requests);
      const askable = questions.filter((question) => whyUnaskable(question, QUERIES_A_CALL) === null);
      const budget = { splits: SPLITS };
      const outcomes = await askAll(client, callsFor(askable), now, budget);
      failWhenBlind(outcomes);
      return new Map([...questions.flatMap(refusalOf), ...outcomes.flatMap(readingsOf)]);
    },
  });
}

function refusalOf(question: MetricQuestion): Readings {
  const why = whyUnaskable(question, QUERIES_A_CALL);
  return why === null ? [] : question.requests.map(({ key }) => [key, missing('read-failed', why)]);
}

interface Budget {
  splits: number;
}

async function askAll(
  client: CloudWatchClient,
  calls: readonly MetricCall[],
  now: Instant,
  budget: Budget,
): Promise<readonly Outcome[]> {
  return (await inParallel(calls, CALLS_AT_ONCE, (call) => ask(client, call, now, budget))).flat();
}

async function ask(
  client: CloudWatchClient,
  call: MetricCall,
  now: Instant,
  budget: Budget,
): Promise<readonly Outcome[]> {
  try {
    const answers = answersOf(await pagesOf(client, call, now));
    return call.questions.map(({ requests }, place) => ({
      readings: requests.map(({ key, metric }) => [
        key,
        readingOf(metric, answers.get(answerId(place)), now),
      ]),
    }));
  } catch (fault) {
    const error = translateSdkError(fault, `read ${call.questions.length} metrics`);
    if (error.code !== 'rejected' || call.questions.length === 1 || budget.splits === 0) {
      return call.questions.map((question) => ({ question, error }));
    }
    // CloudWatch refuses a call as a whole for one bad expression in it: find that one, and read the others.
    budget.splits -= 1;
    return askAll(client, halvesOf(call), now, budget);
  }
}

async function pagesOf(
  client: CloudWatchClient,
  call: MetricCall,
  now: Instant,
): Promise<readonly GetMetricDataOutput[]> {
  const { start, end } = windowOf(call, now);
  const input = {
    MetricDataQueries: call.questions.flatMap(queriesOf),
    StartTime: new Date(start),
    EndTime: new Date(end),
    ScanBy: 'TimestampDescending',
  } as const;
  const pages: GetMetricDataOutput[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new GetMetricDataCommand({ ...input, NextToken: token }));
    pages.push(page);
    token = page.NextToken;
  } while (token !== undefined && token !== '' && pages.length < PAGES);
  return pages;
}

const readingsOf = (outcome: Outcome): Readings =>
  'readings' in outcome
    ? outcome.readings
    : outcome.question.requests.map(({ key }) => [key, missing('read-failed', outcome.error.message)]);

// Of one expression that is refused its own reading tells; throttling or missing permissions concern the caller.
function failWhenBlind(outcomes: readonly Outcome[]): void {
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  const serious = errors.find(({ code }) => code !== 'rejected');
  if (serious !== undefined && errors.length === outcomes.length) throw serious;
}
