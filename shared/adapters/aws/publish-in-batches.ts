import { ControllerError } from '../../core/controller-error.ts';
import { batchesByWeight } from './batching.ts';
import { translateSdkError } from './sdk-errors.ts';

/** Ten entries a call, for PutEvents and PublishBatch alike; the smallest size limit of the two: 256 KiB a call. */
const LIMITS = { count: 10, weight: 256 * 1024 } as const;

const ATTEMPTS = 4;

/** An entry that the service did not take, although the call as a whole succeeded. */
export interface Refusal<T> {
  readonly entry: T;
  readonly code: string;
  readonly message: string;
}

/** How a service takes a batch of entries. */
export interface Publishing<T> {
  /** What errors say was attempted: `publish events to the bus plimsoll`. */
  readonly what: string;
  readonly weightOf: (entry: T) => number;
  /** One call; answers with the entries that were refused. */
  readonly send: (batch: readonly T[]) => Promise<readonly Refusal<T>[]>;
  /** Waits before attempt 1, 2, 3 … at entries that were refused for a passing reason. */
  readonly pause: (attempt: number) => Promise<void>;
}

/**
 * Publishes entries in as few calls as the limits allow. A failed batch does not stop the next one.
 * @throws ControllerError when entries are left over after the retries; a retryable one if any of them may pass later.
 */
export async function publishInBatches<T>(entries: readonly T[], publishing: Publishing<T>): Promise<void> {
  const errors: ControllerError[] = [];
  for (const batch of batchesByWeight(entries, LIMITS, publishing.weightOf)) {
    await publishBatch(batch, publishing).catch((fault: unknown) => {
      errors.push(translateSdkError(fault, publishing.what));
    });
  }
  const error = errors.find(({ retryable }) => retryable) ?? errors[0];
  if (error !== undefined) throw error;
}

async function publishBatch<T>(batch: readonly T[], publishing: Publishing<T>): Promise<void> {
  let left = await publishing.send(batch);
  for (let attempt = 1; attempt < ATTEMPTS && left.some(mayPass); attempt += 1) {
    await publishing.pause(attempt);
    const lost = left.filter((refusal) => !mayPass(refusal));
    const again = left.filter(mayPass).map(({ entry }) => entry);
    left = [...lost, ...(await publishing.send(again))];
  }
  const worst = left.find(mayPass) ?? left[0];
  if (worst === undefined) return;
  const { code, retryable } = verdictOn(worst);
  const message = `could not ${publishing.what}: ${left.length} of ${batch.length} entries refused, ${worst.code}: ${worst.message}`;
  throw new ControllerError(code, message, { retryable });
}

const verdictOn = ({ code, message }: Refusal<unknown>): ControllerError =>
  // Entries fail with InternalFailure or InternalException, which as whole calls would have come with a status of 500.
  translateSdkError(
    { name: code, message, ...(/^Internal/.test(code) && { $metadata: { httpStatusCode: 500 } }) },
    'publish an entry',
  );

const mayPass = (refusal: Refusal<unknown>): boolean => verdictOn(refusal).retryable;

/** Exponential back-off with full jitter: up to 100, 200, 400 ms. */
export const pauseWithJitter = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * 2 ** attempt));
