import type { Context } from 'aws-lambda';
import { embeddedMetrics } from '../../functions/runtime/metrics.ts';
import { ALog } from './a-log.ts';
import { TEN } from './a-world.ts';

/** Log and metrics of a function under test; `written` has the metric lines after a flush. */
export class ARuntime {
  readonly log = new ALog();
  readonly written: string[] = [];
  readonly metrics = embeddedMetrics('Plimsoll', { now: () => TEN }, (line) => this.written.push(line));

  /** What was measured so far, by name; of several lines with one name the last. */
  measured(): Readonly<Record<string, unknown>> {
    this.metrics.flush();
    return Object.assign({}, ...this.written.map((line) => JSON.parse(line) as object));
  }
}

/** What Lambda says of an invocation that has `millis` left. */
export const aContext = (millis = 30_000): Context =>
  ({ awsRequestId: 'request-1', getRemainingTimeInMillis: () => millis }) as unknown as Context;
