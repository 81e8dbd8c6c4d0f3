import type { ArgsDef } from 'citty';
import type { Command } from '../command-line.ts';
import { parseTargetGroupOptions, type TargetGroupVerb } from './options.ts';

/** Runs a command, and ends with a sentence where it is refused. */
type Guarded = (run: () => Promise<void>) => Promise<void>;

const ARN = { type: 'positional', description: 'ARN of the target group', valueHint: 'ARN' } as const;
const TARGETS = { type: 'positional', description: 'Instances or addresses, with :PORT if need be' } as const;
const JSON_FLAG = { type: 'boolean', description: 'The answer as one JSON object' } as const;

/** The command that steers a target group; AWS is that of the environment, or `AWS_ENDPOINT_URL`. */
export const targetGroupCommand = (guarded: Guarded): Command => {
  const command = (name: TargetGroupVerb, description: string, words: ArgsDef): Command => ({
    meta: { name, description },
    args: { arn: ARN, ...words, json: JSON_FLAG },
    run: ({ rawArgs }) =>
      guarded(async () => {
        const options = parseTargetGroupOptions(name, rawArgs);
        const { connectTargetGroups } = await import(
          '../../../shared/adapters/aws/traffic/target-group-control.ts'
        );
        const { clientOptions } = await import('../../../shared/adapters/aws/client-options.ts');
        const { runTargetGroup } = await import('./run.ts');
        const control = connectTargetGroups(clientOptions({ region: options.region }));
        process.exitCode = await runTargetGroup(control, options, (text) =>
          process.stdout.write(`${text}\n`),
        );
      }),
  });
  return {
    meta: {
      name: 'target-group',
      description: 'Steer a target group of a load balancer, in the AWS account of the environment',
    },
    subCommands: {
      health: command('health', 'List targets with their health: exit 1 while one is not healthy', {}),
      register: command('register', 'Hand traffic to targets', { 'target…': TARGETS }),
      deregister: command('deregister', 'Take targets out, and let them finish what they have', {
        'target…': TARGETS,
        'drain-seconds': {
          type: 'string',
          description: 'Seconds that they have for it, 0 to 3600 (default: what the group says)',
          valueHint: 'N',
        },
      }),
      maintenance: command('maintenance', 'Take every target out, or bring back those that were in', {
        'on|off': { type: 'positional', description: 'Begin or end' },
      }),
      algorithm: command('algorithm', 'Set how the load balancer picks a target', {
        type: {
          type: 'positional',
          description: 'How',
          valueHint: 'round_robin|least_outstanding_requests|weighted_random',
        },
      }),
    },
  };
};
