import type { RequestListener } from 'node:http';
import type { ModelledService } from './service.ts';

/** One call, as it arrived. */
export interface Call {
  /** The name that the service was registered under, `dynamodb`, or what the request called an unknown one. */
  readonly service: string;
  readonly operation: string;
}

/** A call with its outcome: `ok`, or the name of the error. */
export interface AnsweredCall extends Call {
  readonly outcome: string;
}

/** What the endpoint plays, and who watches it. */
export interface AwsEndpointOptions {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly services: readonly ModelledService[];
  /** Answers DynamoDB: the listener of an embedded server such as dynalite. */
  readonly dynamodb?: RequestListener;
  /** Told of every answered call, before the answer is sent. */
  readonly onCall?: (call: AnsweredCall) => void;
  /** Told of every handler that failed with something else than an AWS error. */
  readonly onHandlerFailure?: (error: unknown, call: Call) => void;
  /** Asked before the handler: an error here is the answer (fault injection). */
  readonly faults?: (call: Call) => Error | undefined;
}
