import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** What every function carries besides its own parts. */
export interface FunctionRuntime {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** A function as Lambda calls it. */
export type LambdaHandler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/** Time kept back from the function's timeout, so that a run out of time still logs and flushes its metrics. */
const KEPT_FOR_THE_END_MILLIS = 500;

/**
 * The only way in which handlers are made. Around `work`: the invocation is named in every log line, an error is
 * logged with its causes and thrown on, and the metrics are flushed at the end, whichever end that is.
 */
export function lambdaHandler<Event, Result>(
  runtime: FunctionRuntime,
  work: (event: Event, context: Context) => Promise<Result>,
): LambdaHandler<Event, Result> {
  const chain = middy<Event, Result>({ timeoutEarlyInMillis: KEPT_FOR_THE_END_MILLIS })
    .use(flushedMetrics(runtime.metrics))
    .use(loggedInvocation(runtime.log))
    .handler(work);
  return (event, context) => chain(event, context);
}

function loggedInvocation(log: Log): MiddlewareObj {
  return {
    before: ({ context }) => log.begin(context),
    onError: ({ error }) => log.error('the invocation failed', { error }),
  };
}

function flushedMetrics(metrics: Metrics): MiddlewareObj {
  return { after: () => metrics.flush(), onError: () => metrics.flush() };
}
