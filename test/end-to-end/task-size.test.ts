import { describe, expect, it } from 'vitest';
import { parsePolicySet } from '../../shared/config/parse-policy-set.ts';
import { formatProblem } from '../../shared/config/problem.ts';
import { type Instant, instant, plusSeconds } from '../../shared/core/time.ts';
import { constantWorkload } from '../../shared/simulation/workload.ts';
import { aDocument } from '../support/a-document.ts';
import { aLine } from './a-line.ts';

const START = instant(Date.UTC(2026, 10, 20, 1, 0, 0));
const at = (hours: number): Instant => plusSeconds(START, hours * 3600);
const TIMEOUT = 60_000;

/** Four tasks, always, whose CPU is at 87 % on the lowest rung; they may grow between two and four o'clock. */
async function aServiceOnALadder(more: Readonly<Record<string, string>> = {}) {
  const size = aDocument(
    {
      target:
        '{ kind: ecs-task-size, cluster: prod, service: web, ladder: [ { cpu: 512, memoryMiB: 1024 }, { cpu: 1024, memoryMiB: 2048 }, { cpu: 2048, memoryMiB: 4096 } ] }',
      bounds: '{ min: 1, max: 3 }',
      schedule:
        '{ timeZone: UTC, windows: [ { name: night, start: 0 2 * * *, end: 0 4 * * *, maintenance: true } ] }',
      strategies:
        '[ { type: threshold, metric: { preset: cpu }, scaleOut: { above: 80, for: 5m, change: 1 }, scaleIn: { below: 10, for: 1h, change: -1 } } ]',
      ...more,
    },
    'web-size',
  );
  const tasks = aDocument({
    bounds: '{ min: 4, max: 4 }',
    strategies: '[ { type: target-tracking, target: 70, metric: { preset: cpu } } ]',
  });
  const { policies, problems } = parsePolicySet([{ path: 'p.yaml', text: `${tasks}---\n${size}` }]);
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join('\n'));
  const workload = constantWorkload(500, START, at(6));
  const line = await aLine({ policies, workload, unitCapacity: 100 });
  const rung = () => line.plant.describeServices('prod', ['web'])[0]?.deployments[0]?.revision.settings.cpu;
  const told = () =>
    line.sink.published
      .filter(({ target }) => target === 'ecs-task-size/prod/web')
      .map(({ type, reason }) => `${type}: ${reason}`);
  return { ...line, rung, told };
}

describe('tasks on a ladder', () => {
  it(
    'are held outside of the maintenance window, climb one rung inside it, and stay there',
    async () => {
      const { replayTo, rung, told, decided, problems } = await aServiceOnALadder();
      await replayTo(plusSeconds(at(1), -60));
      expect(rung()).toBe('512');
      const held = decided.filter(({ policy }) => policy.name === 'web-size').at(-1)?.decision;
      expect(held).toMatchObject({ kind: 'hold', reason: 'outside-maintenance', until: at(1) });

      await replayTo(at(1.5));
      expect(rung()).toBe('1024');
      expect(told()).toEqual([
        expect.stringMatching(/^ScalingHeld: /),
        expect.stringMatching(/^ScalingStarted: /),
        expect.stringMatching(/^ScalingCompleted: From 1 to 2 in \d+ s\.$/),
      ]);
      await replayTo(at(3.5));
      expect(rung()).toBe('1024');
      expect(problems).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'are back on the earlier revision when the deployment fails, and the event says so',
    async () => {
      const { plant, replayTo, rung, told, deps, problems } = await aServiceOnALadder();
      plant.failNextDeployment('prod', 'web');
      await replayTo(plusSeconds(at(1), 60));
      expect(rung()).toBe('1024');
      await replayTo(plusSeconds(at(1), 8 * 60));
      expect(told().at(-1)).toBe(
        'ScalingFailed: The deployment failed: ECS deployment circuit breaker: tasks failed to start. The service runs web:1 again.',
      );
      expect(rung()).toBe('512');
      const target = 'ecs-task-size/prod/web' as never;
      expect((await deps.ledger.load([target])).get(target)?.state).toMatchObject({
        resize: null,
        size: 1,
        failures: { count: 1, direction: 'out' },
      });
      // The next try makes a revision of its own, and lasts.
      await replayTo(at(2.5));
      expect(told().at(-1)).toMatch(/^ScalingCompleted: From 1 to 2/);
      expect(plant.taskDefinitions.find('web')?.revision).toBe(3);
      expect(problems).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'are put back when the deployment takes too long, and are let be until that is over',
    async () => {
      const { replayTo, rung, told, problems } = await aServiceOnALadder({ resizeTimeoutSeconds: '120' });
      await replayTo(plusSeconds(at(1), 4 * 60));
      expect(told().at(-1)).toBe(
        'ScalingFailed: Not settled within 120 s: 1 running and 1 pending of 2, desired 2. Rolled back to web:1.',
      );
      expect(rung()).toBe('512');
      await replayTo(plusSeconds(at(1), 6 * 60));
      expect(rung()).toBe('512');
      expect(problems).toEqual([]);
    },
    TIMEOUT,
  );
});
