import { beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../functions/local/run-report.ts';
import { loadPolicies } from '../../shared/config/load-policies.ts';
import type { Policy } from '../../shared/core/policy.ts';
import { targetId } from '../../shared/core/target.ts';
import { loadTrace } from '../../shared/simulation/load-trace.ts';
import { traceWorkload } from '../../shared/simulation/workload.ts';
import { aLine } from './a-line.ts';
import { Child, run } from './child.ts';

const TIMEOUT = 180_000;
/** The slowest start of a task, and the three minutes that noticing and deciding may take. */
const LONGEST_VIOLATION_SECONDS = 90 + 180;
const HOUR = 3600;
const DAY = 24 * HOUR;

let policies: readonly Policy[];
beforeAll(async () => {
  policies = (await loadPolicies(['policies'])).policies;
});

const replayOf = (trace: string, length: string, seed = '1'): readonly string[] =>
  `start --trace ${trace} --for ${length} --seed ${seed} --speed max --json --port 0`.split(' ');

const reportIn = (stdout: string): RunReport => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

const keysOf = (value: object): readonly string[] => Object.keys(value).sort();

describe.each([
  ['wc98', '24h', 24],
  ['nasa', '4h', 4],
])('a replay of %s over %s', (trace, length, hours) => {
  let report: RunReport;
  let stdout = '';
  beforeAll(async () => {
    const ended = await new Child(replayOf(trace, length)).ended;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    stdout = ended.stdout;
    report = reportIn(stdout);
  }, TIMEOUT);

  it('prints one JSON object and nothing else', () => {
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(keysOf(report)).toEqual(
      ['awsCalls', 'decisions', 'events', 'signals', 'simulatedSeconds', 'targets', 'wallSeconds'].sort(),
    );
    expect(keysOf(report.signals)).toEqual(['alarm', 'manual', 'sweep']);
    expect(keysOf(report.decisions)).toEqual(['hold', 'resize']);
    expect(keysOf(report.targets)).toEqual(policies.map(({ name }) => name).sort());
    for (const score of Object.values(report.targets)) {
      expect(keysOf(score)).toEqual([
        'longestViolationSeconds',
        'maxDesired',
        'minDesired',
        'resizes',
        'underCapacityPct',
        'unitHours',
        'violationPct',
      ]);
    }
    expect(report.simulatedSeconds).toBe(hours * HOUR);
    // A trace that begins within a minute sees one tick more or less.
    expect(Math.abs(report.signals.sweep - hours * 60)).toBeLessThanOrEqual(1);
  });

  it('never leaves a target above 90 % of its capacity for longer than new tasks need', () => {
    for (const [name, score] of Object.entries(report.targets)) {
      expect(score.longestViolationSeconds, name).toBeLessThanOrEqual(LONGEST_VIOLATION_SECONDS);
    }
  });

  it('resizes every target, and never beyond its bounds', () => {
    for (const { name, bounds } of policies) {
      const score = report.targets[name];
      expect(score?.resizes, name).toBeGreaterThan(0);
      expect(score?.minDesired, name).toBeGreaterThanOrEqual(bounds.min);
      expect(score?.maxDesired, name).toBeLessThanOrEqual(bounds.max);
    }
  });

  it('ends every resize that it started, but for those in flight when it stopped', () => {
    const count = (type: string): number => report.events[type] ?? 0;
    const ended = count('ScalingCompleted') + count('ScalingFailed') + count('ScalingSuperseded');
    const inFlight = count('ScalingStarted') - ended;
    expect(inFlight).toBeGreaterThanOrEqual(0);
    expect(inFlight).toBeLessThanOrEqual(policies.length);
    expect(count('ScalingFailed')).toBe(0);
    const resizes = Object.values(report.targets).reduce((sum, score) => sum + score.resizes, 0);
    expect([count('ScalingStarted'), report.awsCalls['UpdateService']]).toEqual([resizes, resizes]);
    expect(report.decisions.resize).toBe(resizes);
  });
});

describe('the seed of a replay', () => {
  const outcome = async (seed: string): Promise<object> => {
    const { wallSeconds, ...rest } = reportIn((await run(replayOf('wc98', '1h', seed))).stdout);
    expect(wallSeconds).toBeGreaterThan(0);
    return rest;
  };

  it(
    'decides the whole of it: the same gives the same object, another a different one',
    async () => {
      const first = await outcome('7');
      expect(await outcome('7')).toEqual(first);
      expect(await outcome('8')).not.toEqual(first);
    },
    TIMEOUT,
  );
});

describe('the alarms of a replayed day', () => {
  it(
    'each led to a decision about their target, and each event went out once',
    async () => {
      const { trace, day } = await loadTrace('wc98');
      const workload = traceWorkload(trace, { fromSeconds: day * DAY, seconds: DAY });
      const { plant, decided, problems, sink, replayTo } = await aLine({ policies, workload });
      await replayTo(workload.end);

      const alarms = plant.reported.filter(({ source }) => source === 'aws.cloudwatch');
      expect(alarms.length).toBeGreaterThan(100);
      const answered = new Set(
        decided.flatMap(({ signal }) => (signal.kind === 'alarm' ? [`${signal.id} ${signal.target}`] : [])),
      );
      const unanswered = alarms.filter(({ id, detail }) => {
        const alarm = String(detail['alarmName']);
        const policy = policies.find(({ name }) => alarm.startsWith(`plimsoll-${name}-`));
        return policy === undefined || !answered.has(`${id} ${targetId(policy.target)}`);
      });
      expect(unanswered).toEqual([]);
      expect(problems).toEqual([]);
      const ids = sink.published.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    },
    TIMEOUT,
  );
});
