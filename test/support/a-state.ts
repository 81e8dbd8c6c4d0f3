import type {
  CeilingOverride,
  FloorOverride,
  PauseOverride,
  PinOverride,
  Resize,
  TargetState,
} from '../../shared/core/ledger-entry.ts';
import { type TargetId, targetId } from '../../shared/core/target.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { firstSight } from '../../shared/core/transitions.ts';
import { aPolicy } from './a-policy.ts';
import { NOW } from './now.ts';

/** The memory of an idle target of four tasks, as after its first look under {@link aPolicy}. */
export const aState = (overrides: Partial<TargetState> = {}): TargetState => ({
  ...firstSight(aPolicy(), 4, NOW),
  ...overrides,
});

/** A resize by policy from 4 to 6 that the resource accepted half a minute ago. */
export const aResize = (overrides: Partial<Resize> = {}): Resize => ({
  id: 'resize-1',
  from: 4,
  to: 6,
  cause: 'policy',
  decisionId: 'decision-1',
  signalId: 'signal-1',
  owner: null,
  ready: 4,
  startedAt: plusSeconds(NOW, -30),
  acceptedAt: plusSeconds(NOW, -30),
  signalAt: plusSeconds(NOW, -31),
  ...overrides,
});

const asked = {
  owner: 'ada',
  reason: 'a load test',
  setAt: plusSeconds(NOW, -60),
  expiresAt: plusSeconds(NOW, 3600),
} as const;

/** A size of 8 that Ada asked for a minute ago and that ends in an hour. */
export const aPin = (overrides: Partial<PinOverride> = {}): PinOverride => ({
  kind: 'pin',
  size: 8,
  ...asked,
  ...overrides,
});

/** The id of the ECS service `name` in the cluster `prod`. */
export const aTargetId = (name = 'web'): TargetId =>
  targetId({ kind: 'ecs-service', cluster: 'prod', service: name });

/** A floor of 8 that Ada asked for a minute ago and that ends in an hour. */
export const aFloor = (overrides: Partial<FloorOverride> = {}): FloorOverride => ({
  kind: 'floor',
  size: 8,
  force: false,
  ...asked,
  ...overrides,
});

/** A ceiling of 3 that Ada asked for a minute ago and that ends in an hour. */
export const aCeiling = (overrides: Partial<CeilingOverride> = {}): CeilingOverride => ({
  kind: 'ceiling',
  size: 3,
  ...asked,
  ...overrides,
});

/** A pause of both directions that Ada asked for a minute ago and that ends in an hour. */
export const aPause = (overrides: Partial<PauseOverride> = {}): PauseOverride => ({
  kind: 'pause',
  direction: 'both',
  ...asked,
  ...overrides,
});
