import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalAccount, openLocalAccount } from '../../../functions/local/local-account.ts';
import { composeLocalController, type LocalController } from '../../../functions/local/local-controller.ts';
import { Tally } from '../../../functions/local/tally.ts';
import { clientOptions } from '../../../shared/adapters/aws/client-options.ts';
import { SILENT_TELEMETRY } from '../../../shared/adapters/memory/silent-telemetry.ts';
import { targetId } from '../../../shared/core/target.ts';
import { instant, plusSeconds } from '../../../shared/core/time.ts';
import { createPlant } from '../../../shared/simulation/plant.ts';
import { VirtualClock } from '../../../shared/simulation/virtual-clock.ts';
import { constantWorkload } from '../../../shared/simulation/workload.ts';
import { handleSignal } from '../../../shared/usecases/handle-signal.ts';
import { sweepTargets } from '../../../shared/usecases/sweep-targets.ts';
import { aPolicy } from '../../support/a-policy.ts';

// Six minutes past a quarter of an hour: owners are asked for in the next one.
const START = instant(Date.UTC(2026, 10, 20, 2, 6, 0));
const POLICY = aPolicy({ evaluation: 'everyMinute' });
const SIZE = {
  ServiceNamespace: 'ecs',
  ScalableDimension: 'ecs:service:DesiredCount',
  ResourceId: 'service/prod/web',
} as const;

const clock = new VirtualClock(START);
let account: LocalAccount;
let controller: LocalController;
let scaling: ApplicationAutoScalingClient;

beforeAll(async () => {
  const workload = constantWorkload(4, START, plusSeconds(START, 86_400));
  const plant = createPlant({ policies: [POLICY], workload, start: START, seed: 1, unitCapacity: 1 });
  // Below its minimum: even that is left to whoever scales it.
  plant.setDesiredBehindTheBack('prod', 'web', 1);
  account = await openLocalAccount(plant, new Tally());
  const place = {
    endpoint: account.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  scaling = new ApplicationAutoScalingClient(clientOptions(place));
  controller = await composeLocalController({
    policies: [POLICY],
    clock,
    place,
    telemetry: SILENT_TELEMETRY,
    sinks: [],
  });
}, 60_000);
afterAll(async () => {
  controller.close();
  scaling.destroy();
  await account.close();
});

const target = targetId(POLICY.target);
const ownedBy = async () => (await controller.deps.ledger.load([target])).get(target)?.state.ownedBy;
const look = () => handleSignal(controller.deps, { kind: 'drift', id: 'look', target, at: clock.now() });

it('a service that Application Auto Scaling scales is held from the first look on, until it is let go', async () => {
  await scaling.send(new RegisterScalableTargetCommand({ ...SIZE, MinCapacity: 2, MaxCapacity: 9 }));
  expect(await look()).toMatchObject({ kind: 'hold', reason: 'owned-elsewhere' });
  expect(await ownedBy()).toContain('keeps service/prod/web between 2 and 9');
  const { events } = await controller.deps.events.list({ order: 'newest-first', limit: 10 });
  const held = events.find(({ type }) => type === 'ScalingHeld');
  expect(held?.reason ?? '').toContain('deregister-scalable-target');

  await scaling.send(new DeregisterScalableTargetCommand(SIZE));
  expect(await look()).toMatchObject({ kind: 'hold', reason: 'owned-elsewhere' });
  clock.advanceTo(plusSeconds(START, 60));
  await sweepTargets(controller.deps);
  expect(await ownedBy()).toBeNull();
  const { events: after } = await controller.deps.events.list({ order: 'newest-first', limit: 10 });
  expect(after.find(({ type }) => type === 'ScalingStarted')).toMatchObject({
    cause: 'bounds',
    from: 1,
    to: 2,
  });
}, 60_000);
