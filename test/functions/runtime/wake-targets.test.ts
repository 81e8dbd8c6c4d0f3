import { describe, expect, it } from 'vitest';
import { lambdaHandler } from '../../../functions/runtime/lambda-handler.ts';
import { sqsBatch } from '../../../functions/runtime/sqs-batch.ts';
import { wakeTargets } from '../../../functions/runtime/wake-targets.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import type { Signal } from '../../../shared/core/signal.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { ARuntime, aContext } from '../../support/a-runtime.ts';
import { aSample } from '../../support/a-sample.ts';
import { AWorld } from '../../support/a-world.ts';
import { anSqsEvent } from '../../support/an-sqs-event.ts';

const alarmOf = (name: string) => (aSample(name) as { detail: { alarmName: string } }).detail.alarmName;

function aFunction(...policies: readonly Policy[]) {
  const world = new AWorld(policies);
  world.measure('cpu', 100);
  const runtime = new ARuntime();
  const signals: Signal[] = [];
  const deps = {
    ...world.deps,
    telemetry: {
      ...world.deps.telemetry,
      decided: ({ signal }: { readonly signal: Signal }) => signals.push(signal),
    },
  };
  const handler = lambdaHandler(runtime, (event: ReturnType<typeof anSqsEvent>) =>
    sqsBatch(runtime, event, (body) => wakeTargets(deps, body)),
  );
  return {
    world,
    runtime,
    signals,
    deps,
    handle: (...bodies: unknown[]) => handler(anSqsEvent(...bodies), aContext()),
  };
}

const api = aPolicy({ name: 'api', target: { kind: 'ecs-service', cluster: 'prod', service: 'api' } });

describe('the alarm function', () => {
  it('turns an alarm of a policy into a decision about its target', async () => {
    const { world, signals, handle } = aFunction(aPolicy());
    expect(await handle(aSample('cloudwatch-alarm-state-change.alarm'))).toEqual({ batchItemFailures: [] });
    expect(world.service.desired).toBe(6);
    expect(signals).toEqual([
      {
        kind: 'alarm',
        id: '00000000-0000-4000-8000-000000000001',
        target: 'ecs-service/prod/web',
        at: Date.parse('2026-11-20T08:31:06.873Z'),
        alarm: 'plimsoll-web-cpu-out',
        state: 'ALARM',
      },
    ]);
  });

  it.each(['composite', 'metric-math', 'ok', 'insufficient-data'])(
    'takes the alarm event %s',
    async (kind) => {
      const sample = `cloudwatch-alarm-state-change.${kind}`;
      const { signals, handle } = aFunction(aPolicy({ wakeOnAlarms: [alarmOf(sample)] }));
      expect(await handle(aSample(sample))).toEqual({ batchItemFailures: [] });
      expect(signals).toHaveLength(1);
    },
  );

  it('wakes every policy that lists an alarm', async () => {
    const sample = 'cloudwatch-alarm-state-change.composite';
    const wakeOnAlarms = [alarmOf(sample)];
    const { signals, handle } = aFunction(aPolicy({ wakeOnAlarms }), { ...api, wakeOnAlarms });
    await handle(aSample(sample));
    expect(signals.map(({ target }) => target).sort()).toEqual([
      'ecs-service/prod/api',
      'ecs-service/prod/web',
    ]);
  });

  it.each([
    ['an alarm that no policy knows', 'cloudwatch-alarm-state-change.alarm', 'plimsoll-web-cpu-out'],
    ['an event of another version', 'cloudwatch-alarm-state-change.another-version', 'version'],
    ['a malformed event', 'cloudwatch-alarm-state-change.malformed', 'detail'],
    ['an event of ECS', 'ecs-service-action.steady-state', 'source'],
  ])('sets aside %s with its place, and goes on with the rest', async (_, sample, place) => {
    const mine = 'cloudwatch-alarm-state-change.composite';
    const { runtime, signals, handle } = aFunction({ ...api, wakeOnAlarms: [alarmOf(mine)] });
    expect(await handle(aSample(sample), aSample(mine))).toEqual({ batchItemFailures: [] });
    expect(signals).toHaveLength(1);
    expect(runtime.measured()).toMatchObject({ PoisonMessages: 1 });
    const error = runtime.log.lines[0]?.fields['error'];
    expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining(place) });
  });

  it('asks for a message again when a service does not answer', async () => {
    const { world, runtime, deps } = aFunction(aPolicy());
    const throttled = new ControllerError('throttled', 'slow down', { retryable: true });
    const broken = { ...deps, metrics: { read: () => Promise.reject(throttled) } };
    const event = anSqsEvent(aSample('cloudwatch-alarm-state-change.alarm'));
    const answer = await sqsBatch(runtime, event, (body) => wakeTargets(broken, body));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(world.service.desired).toBe(4);
  });
});
