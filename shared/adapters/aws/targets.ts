import type { TargetKind } from '../../core/target.ts';
import type { CapacityTarget } from '../../ports/capacity-target.ts';
import type { ClientOptions } from './client-options.ts';

/**
 * The AWS adapters of all kinds of targets: a new kind is a line here.
 *
 * A client is loaded and made when its kind is first used: a function that resizes nothing does not pay for it at start.
 */
export const awsTargets = (options: ClientOptions) =>
  ({
    'ecs-service': onFirstUse(async () =>
      (await import('./ecs-service-target.ts')).connectEcsServices(options),
    ),
  }) as const satisfies Readonly<Record<TargetKind, CapacityTarget>>;

function onFirstUse(connect: () => Promise<CapacityTarget>): CapacityTarget {
  let connected: Promise<CapacityTarget> | undefined;
  const adapter = (): Promise<CapacityTarget> => {
    connected ??= connect();
    return connected;
  };
  return {
    describe: async (targets) => (await adapter()).describe(targets),
    resize: async (target, size) => (await adapter()).resize(target, size),
  };
}
