import { alarmsFor } from '../core/alarms.ts';
import type { Policy } from '../core/policy.ts';
import { type Target, targetId } from '../core/target.ts';
import { type DocumentPath, type Problem, quote } from './problem.ts';
import type { SourceDocument } from './yaml-file.ts';

/** A policy document of a set. */
export interface SetEntry {
  readonly source: SourceDocument;
  /** Known as soon as they are right by themselves, so that a wrong document still clashes with another one. */
  readonly name: string | null;
  readonly target: { readonly target: Target; readonly path: DocumentPath } | null;
  readonly policy: Policy | null;
}

/** What clashes between the policies of a set: names, targets, endpoints, and alarms with names that are too long. */
export function checkSet(entries: readonly SetEntry[]): readonly Problem[] {
  return [
    ...checkNames(entries),
    ...checkTargets(entries),
    ...checkEndpoints(entries),
    ...checkAlarmNames(entries),
  ];
}

/** Where an entry stands, for the other one of a clash. */
const placeOf = ({ source }: SetEntry, path: DocumentPath): string => {
  const { file, line } = source.problem(path, '');
  return `${file}:${line}`;
};

function checkNames(entries: readonly SetEntry[]): readonly Problem[] {
  const path = ['metadata', 'name'];
  const first = new Map<string, SetEntry>();
  return entries.flatMap((entry) => {
    if (entry.name === null) return [];
    const other = first.get(entry.name);
    if (other !== undefined) {
      const message = `the name ${quote(entry.name)} is taken by ${placeOf(other, path)} (choose another one)`;
      return [entry.source.problem(path, message)];
    }
    first.set(entry.name, entry);
    return [];
  });
}

function checkTargets(entries: readonly SetEntry[]): readonly Problem[] {
  const first = new Map<string, { readonly entry: SetEntry; readonly path: DocumentPath }>();
  return entries.flatMap((entry) => {
    if (entry.target === null) return [];
    const { target, path } = entry.target;
    const id = targetId(target);
    const other = first.get(id);
    if (other !== undefined) {
      const message = `${id} already has a policy in ${placeOf(other.entry, other.path)} (one policy per target; several strategies may share it)`;
      return [entry.source.problem(path, message)];
    }
    first.set(id, { entry, path });
    return [];
  });
}

/** A record name has the replicas of one source: those of another would be taken for replicas that are gone, and removed. */
function checkEndpoints(entries: readonly SetEntry[]): readonly Problem[] {
  const first = new Map<
    string,
    { readonly entry: SetEntry; readonly id: string; readonly path: DocumentPath }
  >();
  return entries.flatMap((entry) => {
    if (entry.target === null) return [];
    const { target } = entry.target;
    if (target.kind !== 'rds-replicas' || target.endpoint?.kind !== 'route53') return [];
    const { hostedZoneId, recordName } = target.endpoint;
    const name = `${hostedZoneId} ${recordName}`;
    const path = [...entry.target.path, 'endpoint', 'route53', 'recordName'];
    const id = targetId(target);
    const other = first.get(name);
    // Two policies of one target are a problem of their own.
    if (other !== undefined && other.id !== id) {
      const message = `${quote(recordName)} has the replicas of ${other.id} in ${placeOf(other.entry, other.path)} (choose another name: the two would remove each other's records)`;
      return [entry.source.problem(path, message)];
    }
    first.set(name, other ?? { entry, id, path });
    return [];
  });
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const ALARM_NAME_LIMIT = 255;

function checkAlarmNames(entries: readonly SetEntry[]): readonly Problem[] {
  return entries.flatMap(({ source, policy }) => {
    const lengths = policy === null ? [] : alarmsFor(policy).map(({ name }) => name.length);
    const excess = Math.max(0, ...lengths) - ALARM_NAME_LIMIT;
    if (excess <= 0) return [];
    const message = `the name of an alarm would have ${ALARM_NAME_LIMIT + excess} characters; CloudWatch takes ${ALARM_NAME_LIMIT} (shorten the name by ${excess})`;
    return [source.problem(['metadata', 'name'], message)];
  });
}
