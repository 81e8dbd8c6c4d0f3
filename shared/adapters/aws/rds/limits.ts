import type { SizeLimit } from '../../../core/capacity.ts';
import { isOurs, isReprievable, stays } from './replica.ts';
import type { Source } from './source.ts';

/** How far the number of replicas may go now, and why. */
export function limitsOf(source: Source): readonly SizeLimit[] {
  const size = source.replicas.filter(stays).length;
  // Those on their way out can stay after all, without a new one.
  const most = size + source.replicas.filter(isReprievable).length;
  return [...serviceLimits(source, most), ...ownershipLimit(source), ...busyLimits(source, size)];
}

function serviceLimits({ id, instance, engine, most, taken }: Source, size: number): readonly SizeLimit[] {
  const reason = 'resource-limit';
  if ((instance.BackupRetentionPeriod ?? 0) === 0) {
    const detail = `${id} has no automated backups, without which RDS makes no replica: set its backup retention period to 1 day or more`;
    return [{ direction: 'out', size, reason, detail }];
  }
  const detail = `${engine} takes ${most} read replicas of one source, and ${id} has ${taken}`;
  return [{ direction: 'out', size: size + Math.max(0, most - taken), reason, detail }];
}

function ownershipLimit({ replicas }: Source): readonly SizeLimit[] {
  const staying = replicas.filter(stays);
  const kept = staying.filter((replica) => !isOurs(replica));
  if (kept.length === 0) return [];
  const foreign = kept.filter(({ managed }) => !managed).length;
  const guarded = kept.length - foreign;
  const detail = [
    ...(foreign === 0 ? [] : [`${foreign} of ${staying.length} replicas were not made by Plimsoll`]),
    ...(guarded === 0
      ? []
      : [`${guarded} of ${staying.length} replicas are protected or have replicas of their own`]),
  ].join(', and ');
  return [{ direction: 'in', size: kept.length, reason: 'resource-limit', detail }];
}

/** RDS refuses to replicate from a source that is not `available`. */
function busyLimits({ id, instance }: Source, size: number): readonly SizeLimit[] {
  const status = instance.DBInstanceStatus ?? 'unknown';
  if (status === 'available') return [];
  const detail = `the source ${id} is ${status}, not available`;
  return (['out', 'in'] as const).map((direction) => ({ direction, size, reason: 'resource-busy', detail }));
}
