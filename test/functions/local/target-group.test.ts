import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  parseTargetGroupOptions,
  type TargetGroupVerb,
} from '../../../functions/local/target-group/options.ts';
import { runTargetGroup } from '../../../functions/local/target-group/run.ts';
import { connectTargetGroups } from '../../../shared/adapters/aws/traffic/target-group-control.ts';
import { A_GROUP, TinyLoadBalancer } from '../../support/a-load-balancer.ts';
import { anAwsAccount } from '../../support/aws-account.ts';

const execute = promisify(execFile);

const aGroup = async () => {
  const balancer = new TinyLoadBalancer();
  const { options } = await anAwsAccount([balancer.service()]);
  const control = connectTargetGroups(options);
  const run = async (verb: TargetGroupVerb, ...args: readonly string[]) => {
    const lines: string[] = [];
    const order = parseTargetGroupOptions(verb, [A_GROUP, ...args]);
    const code = await runTargetGroup(control, order, (line) => lines.push(line));
    return [code, ...lines];
  };
  return { balancer, run };
};

describe('plimsoll target-group', () => {
  it('registers, shows and deregisters targets', async () => {
    const { run, balancer } = await aGroup();
    expect(await run('health')).toEqual([1, 'The group has no target.']);
    expect(await run('register', '10.0.0.1', '10.0.0.2:5432', '[2001:db8::7]:5432')).toEqual([
      0,
      'Registered: 10.0.0.1, 10.0.0.2:5432, [2001:db8::7]:5432.',
    ]);
    expect((await run('health'))[0]).toBe(0);
    expect(await run('deregister', '10.0.0.1', '--drain-seconds', '30')).toEqual([
      0,
      'Deregistered: 10.0.0.1. What is connected has 30 s to finish.',
    ]);
    expect(balancer.attributes.get('deregistration_delay.timeout_seconds')).toBe('30');
    expect(await run('health')).toEqual([
      1,
      '10.0.0.1:3306: draining (as the test wants it)',
      '10.0.0.2:5432: healthy',
      '[2001:db8::7]:5432: healthy',
    ]);
  });

  it('begins and ends maintenance, and sets the algorithm', async () => {
    const { run, balancer } = await aGroup();
    await run('register', '10.0.0.1', '10.0.0.2');
    expect(await run('maintenance', 'on')).toEqual([
      0,
      'Maintenance is on. Taken out: 10.0.0.1:3306, 10.0.0.2:3306.',
    ]);
    expect(await run('maintenance', 'on')).toEqual([0, 'Maintenance is on. Taken out: nobody.']);
    expect(await run('maintenance', 'off', '--json')).toEqual([
      0,
      JSON.stringify({
        arn: A_GROUP,
        maintenance: 'off',
        targets: [
          { id: '10.0.0.1', port: 3306 },
          { id: '10.0.0.2', port: 3306 },
        ],
      }),
    ]);
    await run('algorithm', 'weighted_random');
    expect(balancer.attributes.get('load_balancing.algorithm.type')).toBe('weighted_random');
  });

  it('answers health as one JSON object', async () => {
    const { run } = await aGroup();
    await run('register', '10.0.0.1');
    expect(await run('health', '--json')).toEqual([
      0,
      JSON.stringify({
        arn: A_GROUP,
        targets: [{ id: '10.0.0.1', port: 3306, state: 'healthy', reason: null }],
      }),
    ]);
  });

  it.each<[string, TargetGroupVerb, readonly string[], string]>([
    ['no ARN', 'health', [], 'target-group health: the ARN of the target group is missing'],
    ['another ARN', 'health', ['arn:aws:ecs:x'], 'arn:aws:ecs:x: is not the ARN of a target group'],
    ['a stray word', 'health', [A_GROUP, 'now'], 'now: target-group health takes an ARN alone'],
    ['no target', 'register', [A_GROUP], 'target-group register: no target is named'],
    ['a port that is none', 'register', [A_GROUP, '10.0.0.1:99999'], '10.0.0.1:99999: a port is 1 to 65535'],
    [
      'a time too long',
      'deregister',
      [A_GROUP, 'a', '--drain-seconds', '3601'],
      '--drain-seconds 3601: is 0 to 3600',
    ],
    [
      'a time that is none',
      'deregister',
      [A_GROUP, 'a', '--drain-seconds', '5m'],
      '--drain-seconds 5m: is 0 to 3600',
    ],
    ['no word', 'maintenance', [A_GROUP], 'target-group maintenance: one word is missing (name on or off)'],
    ['two words', 'maintenance', [A_GROUP, 'on', 'off'], 'off: target-group maintenance takes one word'],
    ['a mistyped word', 'algorithm', [A_GROUP, 'round_robbin'], 'did you mean round_robin?'],
    [
      'an option of another verb',
      'register',
      [A_GROUP, 'a', '--drain-seconds', '5'],
      "Unknown option '--drain-seconds'",
    ],
  ])('refuses %s in words', (_what, verb, args, message) => {
    expect(() => parseTargetGroupOptions(verb, args)).toThrow(message);
  });

  it('speaks to the endpoint of the environment, and says in a line what is refused', async () => {
    const balancer = new TinyLoadBalancer();
    const { options } = await anAwsAccount([balancer.service()]);
    const env = {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: options.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    const plimsoll = (...args: readonly string[]) =>
      execute(process.execPath, ['--import', 'tsx', 'functions/local/main.ts', 'target-group', ...args], {
        env,
      });
    const { stdout } = await plimsoll('register', A_GROUP, '10.0.0.1');
    expect(stdout).toBe('Registered: 10.0.0.1.\n');
    expect([...balancer.targets]).toEqual([['10.0.0.1:3306', 'healthy']]);
    await expect(plimsoll('health', `${A_GROUP}0`)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^could not describe the targets of .*: TargetGroupNotFound.*\n$/),
    });
  }, 30_000);

  it('goes to the region that the ARN names', () => {
    expect(parseTargetGroupOptions('health', [A_GROUP]).region).toBe('eu-central-1');
  });
});
