import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { type FunctionRuntime, lambdaHandler } from '../../../functions/runtime/lambda-handler.ts';
import { embeddedMetrics } from '../../../functions/runtime/metrics.ts';
import { ALog } from '../../support/a-log.ts';
import { TEN } from '../../support/a-world.ts';

const context = (millis = 30_000) =>
  ({ awsRequestId: 'request-1', getRemainingTimeInMillis: () => millis }) as unknown as Context;

function aRuntime() {
  const written: string[] = [];
  const log = new ALog();
  const metrics = embeddedMetrics('Plimsoll', { now: () => TEN }, (line) => written.push(line));
  const runtime: FunctionRuntime = { log, metrics };
  return { runtime, log, metrics, written };
}

describe('a handler', () => {
  it('names its invocation in the log and flushes the metrics of its work', async () => {
    const { runtime, log, metrics, written } = aRuntime();
    const handler = lambdaHandler(runtime, async (event: { readonly n: number }) => {
      metrics.add('LedgerConflicts', event.n, {});
      return 'done';
    });
    expect(await handler({ n: 2 }, context())).toBe('done');
    expect(log.requests).toEqual(['request-1']);
    expect(written).toHaveLength(1);
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ LedgerConflicts: 2 });
  });

  it('flushes the metrics, logs the error and throws it on when its work fails', async () => {
    const { runtime, log, metrics, written } = aRuntime();
    const bug = new Error('a bug');
    const handler = lambdaHandler(runtime, async () => {
      metrics.add('Problems', 1, {});
      throw bug;
    });
    await expect(handler({}, context())).rejects.toBe(bug);
    expect(written).toHaveLength(1);
    expect(log.lines).toEqual([{ level: 'error', message: 'the invocation failed', fields: { error: bug } }]);
  });

  it('flushes the metrics when its time runs out', async () => {
    const { runtime, metrics, written } = aRuntime();
    const handler = lambdaHandler(runtime, async () => {
      metrics.add('Problems', 1, {});
      await new Promise(() => {});
    });
    await expect(handler({}, context(510))).rejects.toThrow('aborted');
    expect(written).toHaveLength(1);
  });

  it('writes nothing when nothing was measured, and nothing twice', async () => {
    const { runtime, metrics, written } = aRuntime();
    const handler = lambdaHandler(runtime, async (event: { readonly count: boolean }) => {
      if (event.count) metrics.add('Problems', 1, {});
    });
    await handler({ count: true }, context());
    await handler({ count: false }, context());
    expect(written).toHaveLength(1);
  });
});
