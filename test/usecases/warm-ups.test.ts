import { describe, expect, it } from 'vitest';
import { BLANK_STATE } from '../../shared/core/blank-state.ts';
import type { Target } from '../../shared/core/target.ts';
import { targetId } from '../../shared/core/target.ts';
import type { PresentResource } from '../../shared/ports/capacity-target.ts';
import { settleStep } from '../../shared/usecases/settle-resize.ts';
import { aPolicy } from '../support/a-policy.ts';
import { AWorld } from '../support/a-world.ts';

const target: Target = {
  ...{ kind: 'rds-replicas', source: 'app-db', classes: [], zones: [], maxLagSeconds: 30, endpoint: null },
  warmUp: { plan: 'blocks', withinSeconds: 1800 },
  leaving: { connections: 0, drainSeconds: 300 },
};
const policy = aPolicy({ name: 'replicas', target });

const waiting = (units: readonly string[]): PresentResource => ({
  kind: 'present',
  capacity: { desired: 3, running: 3, ready: 1, pending: 0 },
  deployment: 'none',
  awaitingWarmUp: units,
});

async function aResize() {
  const world = new AWorld([policy]);
  const entry = await world.ledger.commit({
    target: targetId(target),
    expectedVersion: 0,
    events: [],
    state: {
      ...BLANK_STATE,
      size: 1,
      resize: {
        ...{
          id: 'r',
          from: 1,
          to: 3,
          cause: 'policy',
          decisionId: 'd',
          signalId: 's',
          owner: null,
          ready: 1,
        },
        ...{ startedAt: world.now, acceptedAt: world.now, signalAt: world.now },
      },
    },
  });
  return { world, entry };
}

describe('new replicas that wait for their warm-up', () => {
  it('are asked for once each, as they come', async () => {
    const { world, entry } = await aResize();
    const first = await settleStep(world.deps, policy, entry, waiting(['db-1']));
    const second = await settleStep(world.deps, policy, first.entry, waiting(['db-1', 'db-2']));
    const third = await settleStep(world.deps, policy, second.entry, waiting(['db-1', 'db-2']));
    expect(third.entry.version).toBe(second.entry.version);
    const asked = third.entry.outbox.filter(({ type }) => type === 'WarmRequested');
    expect(asked.map(({ unit, policy: name, resizeId }) => [unit, name, resizeId])).toEqual([
      ['db-1', 'replicas', 'r'],
      ['db-2', 'replicas', 'r'],
    ]);
    expect(third.entry.state.resize?.warmUps).toEqual(['db-1', 'db-2']);
  });
});
