import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runEvaluate } from '../../../functions/local/evaluate.ts';
import { aPolicy, trackingOf } from '../../support/a-policy.ts';

const document = {
  apiVersion: 'plimsoll/v1',
  kind: 'ScalingPolicy',
  metadata: { name: 'web' },
  spec: {
    target: { kind: 'ecs-service', cluster: 'prod', service: 'web' },
    bounds: { min: 2, max: 20 },
    strategies: [{ type: 'target-tracking', target: 70, metric: { preset: 'cpu' } }],
  },
};
const question = {
  id: 'q1',
  now: '2026-11-20T10:03:06Z',
  policy: document,
  snapshot: { desired: 4, running: 4 },
  metrics: { cpu: 83.2 },
};

async function ask(...lines: readonly unknown[]) {
  const answers: string[] = [];
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const exitCode = await runEvaluate(Readable.from([text]), (line) => answers.push(line));
  return { exitCode, answers: answers.map((line) => JSON.parse(line)) };
}

describe('plimsoll evaluate', () => {
  it('takes the units of a tier one by one', async () => {
    const units = [
      { id: 'replica-1' },
      { id: 'replica-2' },
      { id: 'replica-3', ready: false, startedSecondsAgo: 60, readyChangedSecondsAgo: 60 },
    ];
    const samples = [
      { unit: 'replica-1', value: 90 },
      { unit: 'replica-2', value: 130 },
      { unit: 'replica-3', value: 4 },
    ];
    const { answers } = await ask(
      { ...question, snapshot: { desired: 3, running: 3, units }, metrics: { cpu: { samples } } },
      { ...question, snapshot: { desired: 3, running: 3, units: [{}] }, metrics: {} },
    );
    expect(answers[0].explanation).toBe(
      'CPU 110 % (2 ready, 1 not ready) asks for no change: the ratio to the target of 70 % is 1.04. Hold at 3: it is what is needed.',
    );
    expect(answers[1].error).toContain('snapshot.units.0.id');
  });

  it('takes limits, the floor of a plan, and what is left to do', async () => {
    const limit = {
      direction: 'out',
      size: 5,
      reason: 'connection-budget',
      detail: 'The nodes carry no more.',
    };
    const { answers, exitCode } = await ask(
      { ...question, metrics: { cpu: 140 }, snapshot: { desired: 4, running: 4, limits: [limit] } },
      { ...question, metrics: { cpu: 140 }, snapshot: { desired: 5, running: 5, limits: [limit] } },
      {
        ...question,
        metrics: { cpu: 70 },
        snapshot: {
          desired: 4,
          running: 4,
          floor: { size: 6, detail: '6 are needed' },
          unfinished: 'one leaves',
        },
      },
      { ...question, snapshot: { desired: 4, running: 4, limits: [{ ...limit, reason: 'mood' }] } },
    );
    expect(answers[0].decision).toMatchObject({
      kind: 'resize',
      from: 4,
      to: 5,
      limitedBy: 'connection-budget',
    });
    expect(answers[1].decision).toMatchObject({ kind: 'hold', reason: 'connection-budget', size: 5 });
    expect(answers[1].explanation).toContain('The nodes carry no more.');
    expect(answers[2].decision).toMatchObject({ kind: 'resize', from: 4, to: 6, cause: 'plan' });
    expect(answers[2].explanation).toContain('6 are needed');
    expect(answers[3].error).toContain('snapshot.limits.0.reason');
    expect(exitCode).toBe(1);
  });

  it('decides as the controller would, and says why', async () => {
    const { exitCode, answers } = await ask(question);
    expect(exitCode).toBe(0);
    expect(answers[0]).toMatchObject({
      id: 'q1',
      decision: { kind: 'resize', from: 4, to: 5, cause: 'policy' },
    });
    expect(answers[0].explanation).toBe(
      'CPU 83.2 % is above the target of 70 %: 4 × 83.2 / 70 = 4.75, so 5. Scale out from 4 to 5.',
    );
  });

  it('takes the memory of the target into account: a cooldown with its end', async () => {
    const lastOut = { at: '2026-11-20T09:59:30Z', from: 3, to: 4 };
    const { answers } = await ask({ ...question, metrics: { cpu: 20 }, entry: { lastOut } });
    expect(answers[0].decision).toMatchObject({ kind: 'hold', reason: 'cooldown-in' });
    expect(answers[0].explanation).toContain('Scale-in cooldown ends at 10:04:30, in 84 s.');
  });

  it('takes a compiled policy as well as a document', async () => {
    const { answers } = await ask({ ...question, policy: aPolicy() });
    expect(answers[0].decision).toMatchObject({ kind: 'resize', to: 5 });
  });

  it('takes a policy that an earlier version compiled', async () => {
    const { schedule: _s, coreSize: _c, incident: _i, unitResources: _u, ...older } = aPolicy();
    const { guardrails: _g, atZero: _z, receiptsOfHolds: _r, ...oldest } = older;
    const [{ activation: _a, metric, ...strategy }] = [trackingOf(aPolicy())];
    const { historySeconds: _h, ...measured } = metric;
    const policy = {
      ...oldest,
      strategies: [{ ...strategy, metric: measured }],
      fallback: { size: 6, afterMisses: 1 },
    };
    const { answers } = await ask({ ...question, policy }, { ...question, policy, metrics: {} });
    expect(answers[0].decision).toMatchObject({ kind: 'resize', to: 5 });
    expect(answers[1].decision).toMatchObject({ kind: 'resize', to: 6, cause: 'fallback' });
  });

  it('takes the datapoints before the newest one', async () => {
    const strategies = [
      { type: 'threshold', metric: { preset: 'cpu' }, scaleOut: { above: 70, for: '2m', change: '+2' } },
    ];
    const policy = { ...document, spec: { ...document.spec, strategies } };
    const at = (time: string) => `2026-11-20T${time}Z`;
    const earlier = [{ at: at('10:01:00'), value: 71 }];
    const cpu = { value: 90, at: at('10:02:00') };
    const { answers } = await ask(
      { ...question, policy, metrics: { cpu: { ...cpu, earlier } } },
      { ...question, policy, metrics: { cpu } },
    );
    expect(answers[0].decision).toMatchObject({ kind: 'resize', to: 6 });
    expect(answers[1].decision).toMatchObject({ kind: 'hold' });
  });

  it('takes what operators asked for, of this target and of all', async () => {
    const asked = {
      owner: 'ada',
      reason: 'sale',
      setAt: '2026-11-20T10:00:00Z',
      expiresAt: '2026-11-20T11:00:00Z',
    };
    const floor = { kind: 'floor', size: 9, ...asked };
    const freeze = { kind: 'pause', direction: 'both', ...asked };
    const { answers } = await ask(
      { ...question, entry: { overrides: [floor] } },
      { ...question, snapshot: { ...question.snapshot, account: { overrides: [freeze] } } },
      { ...question, entry: { ownedBy: 'Application Auto Scaling' } },
    );
    expect(answers[0].decision).toMatchObject({ kind: 'resize', to: 9, cause: 'override' });
    expect(answers[1].decision).toMatchObject({ kind: 'hold', reason: 'frozen' });
    expect(answers[2].decision).toMatchObject({ kind: 'hold', reason: 'owned-elsewhere' });
  });

  it('warns of a metric that the policy does not read, and only then', async () => {
    const { exitCode, answers } = await ask({ ...question, metrics: { cpux: 83.2 } }, question);
    expect(exitCode).toBe(0);
    expect(answers[0].warnings).toEqual(['metrics.cpux: the policy reads no such metric (it reads cpu)']);
    expect(answers[1]).not.toHaveProperty('warnings');
  });

  it('treats an absent or null metric as missing, never as zero', async () => {
    const { answers } = await ask({ ...question, metrics: {} }, { ...question, metrics: { cpu: null } });
    expect(answers.map(({ decision }) => decision.reason)).toEqual(['blind', 'blind']);
  });

  it('answers a bad line with an error that names the place, and goes on', async () => {
    const bad = { ...question, id: 2, snapshot: { desired: '4', running: 4 } };
    const badPolicy = {
      ...question,
      id: 3,
      policy: { ...document, spec: { ...document.spec, bounds: { min: 9, max: 3 } } },
    };
    const { exitCode, answers } = await ask('nope', bad, badPolicy, { ...question, extra: 1 }, question);
    expect(exitCode).toBe(1);
    expect(answers.map(({ id }) => id)).toEqual([null, 2, 3, 'q1', 'q1']);
    expect(answers[0].error).toMatch(/^line: is not JSON/);
    expect(answers[1].error).toMatch(/^snapshot\.desired: /);
    expect(answers[2].error).toContain('spec.bounds.min');
    expect(answers[3].error).toContain('extra');
    expect(answers[4].decision.kind).toBe('resize');
  });
});
