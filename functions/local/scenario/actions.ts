import { clearOverride } from '../../../shared/usecases/clear-override.ts';
import type { OverrideWish } from '../../../shared/usecases/override-request.ts';
import { type PromoteOutcome, promoteReplica } from '../../../shared/usecases/promote-replica.ts';
import { scaleByHand } from '../../../shared/usecases/scale-by-hand.ts';
import { setOverride } from '../../../shared/usecases/set-override.ts';
import { type Action, seconds } from './happening-schema.ts';
import { invoke } from './invoke.ts';
import { serviceOf } from './subjects.ts';
import type { World } from './world.ts';

const OWNER = 'operator';
const REASON = 'as the scenario says';
const HOUR = 3600;
const DEPLOYMENT_SECONDS = 300;
/** An operator whose request met a dead controller asks again. */
const AGAIN = 3;

/** Does what an operator, a pipeline or a colleague does. */
export async function act(world: World, action: Action): Promise<void> {
  world.record.note(`action: ${actionLine(action)}`);
  if (action.kind === 'deploy') {
    const { cluster, service } = serviceOf(world, action.policy);
    const lasts = action.lasts === undefined ? DEPLOYMENT_SECONDS : seconds(action.lasts);
    world.plant.beginDeployment(cluster, service, lasts);
    return;
  }
  if (action.kind === 'warm') {
    world.plant.caches.warm(action.share ?? 1, action.group);
    return;
  }
  for (let tries = 0; tries < AGAIN; tries += 1) {
    const isDone = await invoke(world, actionLine(action), async () => {
      const outcome = await request(world, action);
      if (!ACCEPTED.includes(outcome.kind))
        world.record.problem(`${actionLine(action)} was refused: ${JSON.stringify(outcome)}`);
    });
    if (isDone) return;
  }
}

const ACCEPTED = ['accepted', 'set', 'cleared', 'promoted'];

function request(
  world: World,
  action: Exclude<Action, { kind: 'deploy' | 'warm' }>,
): Promise<{ readonly kind: string }> {
  const { deps } = world.controller();
  const { policy: service } = action;
  if (action.kind === 'promote') return promote(world, action);
  if (action.kind === 'clear-override')
    return clearOverride(deps, { service, kind: action.override, owner: OWNER });
  const asked = {
    owner: OWNER,
    reason: action.reason ?? REASON,
    expiresInSeconds: action.for === undefined ? HOUR : seconds(action.for),
  };
  return action.kind === 'scale'
    ? scaleByHand(deps, { ...asked, service, instances: action.size })
    : setOverride(deps, { ...asked, subject: { service }, wish: wishOf(action) });
}

/** Looks first, and confirms what it has seen, as an operator does. */
async function promote(world: World, action: Extract<Action, { kind: 'promote' }>): Promise<PromoteOutcome> {
  const { deps } = world.controller();
  const { policy: service, replica = null, force = false, reason = REASON } = action;
  const asked = { service, replica, force, reason, owner: OWNER };
  const looked = await promoteReplica(deps, { ...asked, confirm: null });
  if (looked.kind !== 'to-confirm') return looked;
  return promoteReplica(deps, { ...asked, confirm: looked.confirmation.token });
}

function wishOf({
  override,
  size = 0,
  direction = 'both',
  force = false,
}: Extract<Action, { kind: 'override' }>): OverrideWish {
  switch (override) {
    case 'pause':
      return { kind: 'pause', direction };
    case 'floor':
      return { kind: 'floor', size, force };
    default:
      return { kind: override, size };
  }
}

function actionLine(action: Action): string {
  const { kind, at: _, spread: __, chance: ___, ...details } = action;
  const words = Object.entries(details).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} ${String(value)}`],
  );
  return [kind, ...words].join(' ');
}
