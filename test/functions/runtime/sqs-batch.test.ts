import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../functions/runtime/in-groups.ts';
import { embeddedMetrics } from '../../../functions/runtime/metrics.ts';
import { sqsBatch } from '../../../functions/runtime/sqs-batch.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import { ALog } from '../../support/a-log.ts';
import { TEN } from '../../support/a-world.ts';
import { anSqsEvent } from '../../support/an-sqs-event.ts';

interface Body {
  readonly keys: readonly string[];
}

async function work(event: SQSEvent, run: (key: string, record: Body) => Promise<void>) {
  const log = new ALog();
  const written: string[] = [];
  const metrics = embeddedMetrics('Plimsoll', { now: () => TEN }, (line) => written.push(line));
  const plan = (body: unknown): readonly Job[] => {
    const { keys } = body as Body;
    if (!Array.isArray(keys)) throw new ControllerError('invalid', 'keys: is missing', { retryable: false });
    return keys.map((key) => ({ key, run: () => run(key, body as Body) }));
  };
  const { batchItemFailures } = await sqsBatch({ log, metrics }, event, plan);
  metrics.flush();
  return {
    log,
    metrics: written.join('\n'),
    again: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
  };
}

const busy = new ControllerError('throttled', 'slow down', { retryable: true });

describe('a batch of messages', () => {
  it('asks for nothing again when everything succeeds', async () => {
    const { again, log } = await work(anSqsEvent({ keys: ['a'] }, { keys: ['b'] }), async () => {});
    expect(again).toEqual([]);
    expect(log.lines).toEqual([]);
  });

  it('asks again for the one message that failed, and does the others', async () => {
    const done: string[] = [];
    const { again, log, metrics } = await work(
      anSqsEvent({ keys: ['a'] }, { keys: ['b'] }, { keys: ['c'] }),
      async (key) => {
        if (key === 'b') throw busy;
        done.push(key);
      },
    );
    expect(again).toEqual(['message-1']);
    expect(done.sort()).toEqual(['a', 'c']);
    expect(metrics).toContain('"FailedRecords":1');
    expect(log.lines[0]?.fields).toMatchObject({
      messageId: 'message-1',
      target: 'b',
      attempt: '1',
      error: busy,
    });
  });

  it('lets a bug fail its own message alone', async () => {
    const { again } = await work(anSqsEvent({ keys: ['a'] }, { keys: ['b'] }), async (key) => {
      if (key === 'a') throw new TypeError('x is not a function');
    });
    expect(again).toEqual(['message-0']);
  });

  it('asks for a message once, however many of its targets failed', async () => {
    const { again } = await work(anSqsEvent({ keys: ['a', 'b', 'c'] }), () => Promise.reject(busy));
    expect(again).toEqual(['message-0']);
  });

  it.each([
    ['that is not JSON', '{"keys":'],
    ['that does not fit its schema', { other: 1 }],
  ])('sets a message aside %s: logged in full, counted, never asked for again', async (_, body) => {
    const { again, log, metrics } = await work(anSqsEvent(body, { keys: ['a'] }), async () => {});
    expect(again).toEqual([]);
    expect(metrics).toContain('"PoisonMessages":1');
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    expect(log.lines[0]).toMatchObject({
      level: 'error',
      message: 'message set aside',
      fields: { messageId: 'message-0', body: text, characters: text.length },
    });
  });

  it('logs no more than 32 KiB of a message that it sets aside', async () => {
    const { log } = await work(anSqsEvent('x'.repeat(200_000)), async () => {});
    expect(log.lines[0]?.fields['body']).toHaveLength(32_768);
    expect(log.lines[0]?.fields['characters']).toBe(200_000);
  });

  it('works on one target in the order of the messages, and on different targets side by side', async () => {
    const order: string[] = [];
    let running = 0;
    let most = 0;
    const bodies = Array.from({ length: 20 }, (_, index) => ({ keys: [`target-${index % 10}`], index }));
    await work(anSqsEvent(...bodies), async (key, body) => {
      running += 1;
      most = Math.max(most, running);
      const { index } = body as Body & { readonly index: number };
      // The earlier message takes longer: only order, not luck, can keep it first.
      await new Promise((resolve) => setTimeout(resolve, index < 10 ? 10 : 1));
      order.push(`${key}:${index}`);
      running -= 1;
    });
    for (let n = 0; n < 10; n += 1) {
      expect(order.indexOf(`target-${n}:${n}`)).toBeLessThan(order.indexOf(`target-${n}:${n + 10}`));
    }
    expect(most).toBe(8);
  });
});
