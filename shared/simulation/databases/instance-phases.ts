import { type Instant, plusSeconds } from '../../core/time.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { DatabaseInstance, Phase } from './database-instance.ts';

/** How long things take, in seconds. AWS promises no figures: these are assumptions, wide enough to be met. */
const CREATING = { min: 240, max: 720 };
/** What samples of AWS for Aurora say of a reader: 3 to 8 minutes. */
const CREATING_READER = { min: 180, max: 480 };
const BACKING_UP = { min: 60, max: 180 };
const DELETING = { min: 120, max: 300 };
const CHANGING_CLASS = { min: 300, max: 600 };
const CLASS_OUTAGE = { min: 60, max: 120 };
const PROMOTING = { min: 60, max: 180 };
const REBOOTING = { min: 30, max: 60 };
/** A replica is restored from a snapshot and replays what was written since. */
const LAG_AT_BIRTH = { min: 30, max: 180 };
const CATCHING_UP = { min: 120, max: 300 };

type Range = { readonly min: number; readonly max: number };
const draw = (random: SeededRandom, { min, max }: Range): number => random.between(min, max);

const onceAvailable = (instance: DatabaseInstance, at: Instant): void => {
  instance.availableAt ??= at;
};

/** A new replica: restored from a snapshot, backed up, and behind for a while. */
export function creation(
  instance: DatabaseInstance,
  random: SeededRandom,
  now: Instant,
  stuck: boolean,
): readonly Phase[] {
  if (stuck) return [{ status: 'creating', seconds: Number.POSITIVE_INFINITY, reachable: false }];
  const reader = instance.cluster !== null;
  const creating = draw(random, reader ? CREATING_READER : CREATING);
  const begun = plusSeconds(now, creating);
  const restored: Phase = {
    status: 'creating',
    seconds: creating,
    reachable: false,
    ended: () => {
      onceAvailable(instance, begun);
      if (!reader) instance.lag.bornBehind(draw(random, LAG_AT_BIRTH), draw(random, CATCHING_UP));
      return reader ? ['created'] : ['created', 'backup-started'];
    },
  };
  if (reader) return [restored];
  const backing: Phase = {
    status: 'backing-up',
    seconds: draw(random, BACKING_UP),
    reachable: true,
    ended: () => ['backup-finished', 'replication-resumed'],
  };
  return [restored, backing];
}

/** A change of class, with an outage at its end. */
export function classChange(instance: DatabaseInstance, random: SeededRandom): readonly Phase[] {
  return [
    { status: 'modifying', seconds: draw(random, CHANGING_CLASS), reachable: true },
    {
      status: 'modifying',
      seconds: draw(random, CLASS_OUTAGE),
      reachable: false,
      ended: () => {
        instance.instanceClass = instance.pendingClass ?? instance.instanceClass;
        instance.pendingClass = null;
        return ['restarted', 'class-change-finished'];
      },
    },
  ];
}

/** A replica that becomes an instance of its own. */
export function promotion(
  instance: DatabaseInstance,
  random: SeededRandom,
  backupRetention: number,
): readonly Phase[] {
  return [
    {
      status: 'modifying',
      seconds: draw(random, PROMOTING),
      reachable: true,
      ended: () => {
        instance.replicaOf = null;
        instance.backupRetention = backupRetention;
        return ['replication-stopped'];
      },
    },
    { status: 'rebooting', seconds: draw(random, REBOOTING), reachable: false, ended: () => ['restarted'] },
  ];
}

/** The end of an instance. */
export function deletion(instance: DatabaseInstance, random: SeededRandom): readonly Phase[] {
  return [
    {
      status: 'deleting',
      seconds: draw(random, DELETING),
      reachable: false,
      ended: () => {
        instance.gone = true;
        return ['deleted'];
      },
    },
  ];
}

/** An instance that failed, for good. */
export const failure: readonly Phase[] = [
  { status: 'failed', seconds: Number.POSITIVE_INFINITY, reachable: false },
];

/** A writer that restarts as a reader when another one has taken over. */
export const restart = (random: SeededRandom): readonly Phase[] => [
  { status: 'rebooting', seconds: draw(random, REBOOTING), reachable: false, ended: () => ['restarted'] },
];
