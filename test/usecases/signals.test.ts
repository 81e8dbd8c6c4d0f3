import { beforeEach, describe, expect, it } from 'vitest';
import { wakeTargets } from '../../functions/runtime/wake-targets.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { targetId } from '../../shared/core/target.ts';
import type { Ledger } from '../../shared/ports/ledger.ts';
import type { ControllerDeps } from '../../shared/usecases/deps.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aSample } from '../support/a-sample.ts';
import { AWorld } from '../support/a-world.ts';

let world: AWorld;
let conflicts: number;
let deps: ControllerDeps;
beforeEach(() => {
  world = new AWorld([aPolicy()]);
  world.measure('cpu', 83.2);
  conflicts = 0;
  deps = {
    ...world.deps,
    telemetry: {
      ...world.deps.telemetry,
      ledgerConflict: () => {
        conflicts += 1;
      },
    },
  };
});

const resizes = () => world.calls.filter((call) => call.startsWith('resize'));

describe('two signals about one target at once', () => {
  it('lead to one resize: the one that came second reads and decides anew', async () => {
    const decisions = await Promise.all([
      handleSignal(deps, world.alarm('plimsoll-web-cpu-out', 'alarm-1')),
      handleSignal(deps, world.alarm('plimsoll-web-cpu-out', 'alarm-2')),
    ]);
    expect(resizes()).toEqual(['resize 5']);
    expect(decisions.map(({ kind }) => kind).sort()).toEqual(['hold', 'resize']);
    expect(decisions.find(({ kind }) => kind === 'hold')).toMatchObject({ reason: 'resize-in-flight' });
    expect(conflicts).toBeGreaterThan(0);
    expect(await world.history()).toEqual(['ScalingStarted']);
  });

  it('lead to one resize even when twenty arrive', async () => {
    const signals = Array.from({ length: 20 }, (_, index) =>
      world.alarm('plimsoll-web-cpu-out', `alarm-${index}`),
    );
    const answers = await Promise.allSettled(signals.map((signal) => handleSignal(deps, signal)));
    expect(resizes()).toEqual(['resize 5']);
    expect(await world.history()).toEqual(['ScalingStarted']);
    // Whoever lost too often says so, and the queue delivers the signal again.
    for (const answer of answers) {
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ code: 'conflict', retryable: true });
    }
  });

  it('the same signal delivered twice is harmless', async () => {
    await handleSignal(deps, world.alarm());
    await handleSignal(deps, world.alarm());
    expect(resizes()).toEqual(['resize 5']);
    expect(await world.history()).toEqual(['ScalingStarted']);
  });
});

describe('a signal that never gets through', () => {
  it('is given back after three attempts, as worth another try', async () => {
    const { ledger } = world.deps;
    const conflict = new ControllerError('conflict', 'somebody was first', { retryable: true });
    const busy: Ledger = {
      load: (targets) => ledger.load(targets),
      due: (now) => ledger.due(now),
      commit: () => Promise.reject(conflict),
    };
    await expect(handleSignal({ ...deps, ledger: busy }, world.alarm())).rejects.toBe(conflict);
    expect(conflicts).toBe(3);
    expect(resizes()).toEqual([]);
  });

  it('names the target that no policy knows', async () => {
    const target = targetId({ kind: 'ecs-service', cluster: 'prod', service: 'shop' });
    await expect(handleSignal(deps, { ...world.alarm(), target })).rejects.toMatchObject({
      code: 'target-missing',
      retryable: false,
      message: 'No policy names the target ecs-service/prod/shop.',
    });
  });
});

describe("an alarm of the user's own", () => {
  const event = aSample('cloudwatch-alarm-state-change.composite') as {
    readonly detail: { readonly alarmName: string };
  };
  const { alarmName } = event.detail;

  it('wakes every target whose policy lists it, and no other', async () => {
    const policyFor = (service: string, wakeOnAlarms: readonly string[]) =>
      aPolicy({ name: service, target: { kind: 'ecs-service', cluster: 'prod', service }, wakeOnAlarms });
    world = new AWorld([
      policyFor('api', [alarmName]),
      policyFor('shop', []),
      policyFor('web', ['x', alarmName]),
    ]);
    world.measure('cpu', 83.2);
    const jobs = wakeTargets(world.deps, event);
    expect(jobs.map(({ key }) => key)).toEqual(['ecs-service/prod/api', 'ecs-service/prod/web']);
    for (const job of jobs) await job.run();
    expect([...world.services.values()].map(({ desired }) => desired)).toEqual([5, 4, 5]);
    // What was due is decided by the metrics, not by the alarm.
    expect(world.decisions).toMatchObject([{ cause: 'policy' }, { cause: 'policy' }]);
  });

  it('is refused where no policy lists it', () => {
    expect(() => wakeTargets(world.deps, event)).toThrow(/which no policy knows/);
  });
});
