import type { DatabaseFault } from '../../../shared/simulation/databases/database-faults.ts';
import type { DatabaseView } from '../../../shared/simulation/databases/database-views.ts';
import { type Fault, seconds } from './happening-schema.ts';
import { membersOf, policyOf } from './subjects.ts';
import type { World } from './world.ts';

const CACHE_KINDS = ['cache-flushed', 'cache-busy', 'cache-capacity-exhausted', 'migration-stuck'] as const;
const DATABASE_KINDS = [
  'replica-stuck-creating',
  'replica-lag',
  'insufficient-capacity',
  'delete-refused',
  'failover',
  'instance-failed',
] as const;

/** A fault of a cache. */
type CacheFault = Extract<Fault, { kind: (typeof CACHE_KINDS)[number] }>;
type InDatabase = Extract<Fault, { kind: (typeof DATABASE_KINDS)[number] }>;

const nothing = () => {};

const isOfCache = (fault: CacheFault | InDatabase): fault is CacheFault =>
  (CACHE_KINDS as readonly string[]).includes(fault.kind);

/** Begins a fault of a database or a cache, and answers how it ends. */
export function startInTiers(world: World, fault: CacheFault | InDatabase): () => void {
  if (isOfCache(fault)) return startInCache(world, fault);
  const made = databaseFault(world, fault);
  if (made === null) world.record.problem(`${fault.kind}: there is nothing that it could happen to`);
  else world.plant.databases.fault(made);
  return nothing;
}

function startInCache({ plant: { caches } }: World, fault: CacheFault): () => void {
  const { group } = fault;
  switch (fault.kind) {
    case 'cache-flushed':
      caches.flush(group);
      return nothing;
    case 'cache-busy':
      caches.occupy(group, seconds(fault.for));
      return nothing;
    case 'cache-capacity-exhausted':
      caches.exhaustCapacity(group);
      return () => caches.exhaustCapacity(group, false);
    case 'migration-stuck':
      caches.stickMigration(group);
      return () => caches.stickMigration(group, false);
  }
}

/** The fault in the words of the account; null when it has no instance to happen to. */
function databaseFault(world: World, fault: InDatabase): DatabaseFault | null {
  switch (fault.kind) {
    case 'replica-stuck-creating':
      return { kind: 'stuck-creating', instance: fault.instance };
    case 'replica-lag': {
      const instance = fault.instance ?? newestOf(world, fault.policy)?.id;
      if (instance === undefined) return null;
      // As in CloudWatch: less than nothing is not known.
      const lag = fault.seconds < 0 ? null : fault.seconds;
      return { kind: 'lag', instance, seconds: lag, forSeconds: seconds(fault.for) };
    }
    case 'insufficient-capacity': {
      const { instanceClass, zone, count = 1 } = fault;
      return { kind: 'insufficient-capacity', instanceClass, zone, count };
    }
    case 'delete-refused':
      return { kind: 'refuse-delete', count: fault.count ?? 1 };
    case 'failover':
      return { kind: 'failover', cluster: fault.cluster };
    case 'instance-failed':
      return { kind: 'source-failed', instance: fault.instance };
  }
}

/** The replica or reader of a policy that was made last. */
function newestOf(world: World, policy: string | undefined): DatabaseView | undefined {
  if (policy === undefined) return undefined;
  const { instances } = world.plant.databases.views();
  return membersOf(policyOf(world, policy).target, instances).at(-1);
}
