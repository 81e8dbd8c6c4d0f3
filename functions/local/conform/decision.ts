import * as z from 'zod';
import { ALONE, type Snapshot } from '../../../shared/core/capacity.ts';
import { decide } from '../../../shared/core/decide.ts';
import { NO_SCHEDULE } from '../../../shared/core/schedule.ts';
import type { Signal } from '../../../shared/core/signal.ts';
import { NOW, stateWith } from './histories.ts';
import { hpaPolicy, trackingStrategy } from './hpa-policy.ts';
import { limitedBy } from './limited-by.ts';
import { type Actual, ControllerDefaults, Histories, PacedSpec } from './vector.ts';

const DecisionVector = z.object({
  spec: PacedSpec,
  currentReplicas: z.int().nonnegative(),
  rawDesired: z.int().nonnegative().nullish(),
  controllerDefaults: ControllerDefaults,
  ...Histories.shape,
});

/** What asks in a vector. */
export const SIGNAL: Signal = {
  kind: 'sweep',
  id: 'conform',
  target: 'ecs-service/conform/conform' as Signal['target'],
  at: NOW,
};

/** A total with a target of 1 and no band wishes for exactly its value. */
const RAW_WISH = {
  target: 1,
  scope: 'total',
  kind: 'averageValue',
  gatesOnReadiness: false,
} as const;
const NO_BAND = { initializationSeconds: 0, readinessDelaySeconds: 0, tolerance: { out: 0, in: 0 } } as const;

/** Kind `decision`: a raw wish, histories and a spec to the size, through the whole decision. */
export function decision(given: unknown): Actual {
  const vector = DecisionVector.parse(given);
  const { spec, currentReplicas: size, controllerDefaults } = vector;
  const policy = hpaPolicy(spec, [trackingStrategy('wish', RAW_WISH, NO_BAND)], controllerDefaults);
  const wish = vector.rawDesired ?? null;
  const snapshot: Snapshot = {
    capacity: { desired: size, running: size, ready: size, pending: 0 },
    deployment: 'none',
    metrics: wish === null ? {} : { wish: { kind: 'value', value: wish, at: NOW } },
    units: null,
    schedule: NO_SCHEDULE,
    account: ALONE,
  };
  const state = { ...stateWith(vector, policy, size, wish), scaledToZero: size === 0 };
  const decided = decide(policy, snapshot, state, SIGNAL, NOW);
  return {
    replicas: decided.kind === 'resize' ? decided.to : decided.size,
    limitedBy: limitedBy(decided, policy),
  };
}
