import { alarmsFor } from '../core/alarms.ts';
import type { Policy } from '../core/policy.ts';
import { type Target, targetId } from '../core/target.ts';
import { type BoundBindings, readBindings } from './bindings.ts';
import { type DocumentKind, kindOf } from './document-kind.ts';
import { compileHorizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { type DocumentPath, type Problem, quote, type Report } from './problem.ts';
import { compileScalingPolicy, field, part } from './scaling-policy.ts';
import { Name, Target as TargetSchema } from './schema/common.ts';
import { readYamlFile, type SourceDocument, type SourceFile } from './yaml-file.ts';

/** One document of a set, as `validate` lists it. */
export interface PolicyDocument {
  readonly file: string;
  /** The line of its first field. */
  readonly line: number;
  readonly kind: DocumentKind;
  /** Null for bindings without a name. */
  readonly name: string | null;
  /** Null for bindings, and for a policy with problems. */
  readonly policy: Policy | null;
  /** What it says, in a few words: `ecs-service/prod/web, 2..20, 2 alarms`. */
  readonly summary: string;
}

/** What a set of files amounts to. Policies are those without a problem; a set with problems must not be run. */
export interface PolicySet {
  readonly policies: readonly Policy[];
  readonly documents: readonly PolicyDocument[];
  readonly problems: readonly Problem[];
}

interface Entry {
  readonly source: SourceDocument;
  readonly kind: Exclude<DocumentKind, 'Bindings'>;
  /** Known as soon as they are right by themselves, so that a wrong document still clashes with another one. */
  readonly name: string | null;
  readonly target: { readonly target: Target; readonly path: DocumentPath } | null;
  readonly policy: Policy | null;
}

/** Reads policy files: every document becomes a policy or says why not. Pure; never throws for what a file holds. */
export function parsePolicySet(files: readonly SourceFile[]): PolicySet {
  const problems: Problem[] = [];
  const sources = files.flatMap((file) => {
    const read = readYamlFile(file);
    problems.push(...read.problems);
    return read.documents;
  });
  const kinds = sources.map((source) => ({ source, kind: kindOf(source.value, reporter(source, problems)) }));
  const bindings = readBindings(
    kinds.flatMap(({ source, kind }) => (kind === 'Bindings' ? [source] : [])),
    (source) => reporter(source, problems),
  );
  const entries = kinds.flatMap(({ source, kind }) =>
    kind === null || kind === 'Bindings' ? [] : [compile(source, kind, bindings, problems)],
  );
  checkNames(entries, problems);
  checkTargets(entries, problems);
  checkAlarmNames(entries, problems);
  bindings.checkAllUsed();
  const documents = kinds.flatMap(({ source, kind }) => {
    if (kind === null || (kind === 'Bindings' && source.file.companion)) return [];
    return [describe(source, kind, entries, bindings)];
  });
  const policies = entries.flatMap(({ policy }) => (policy === null ? [] : [policy]));
  return { policies, documents, problems: inOrder(problems, files) };
}

const reporter =
  (source: SourceDocument, problems: Problem[]): Report =>
  (...problem) => {
    problems.push(source.problem(...problem));
  };

function compile(
  source: SourceDocument,
  kind: Entry['kind'],
  bindings: BoundBindings,
  problems: Problem[],
): Entry {
  const report = reporter(source, problems);
  const { value } = source;
  const name = part(Name, field(field(value, 'metadata'), 'name'));
  if (kind === 'ScalingPolicy') {
    const policy = compileScalingPolicy(value, report);
    const target = part(TargetSchema, field(field(value, 'spec'), 'target'));
    return { source, kind, name, policy, target: target && { target, path: ['spec', 'target'] } };
  }
  const bound = name === null ? 'none' : bindings.find(source, name);
  const policy = compileHorizontalPodAutoscaler(value, bound, report);
  return {
    source,
    kind,
    name,
    policy,
    target: policy && { target: policy.target, path: ['metadata', 'name'] },
  };
}

/** Where an entry stands, for the other one of a clash. */
const placeOf = ({ source }: Entry, path: DocumentPath): string => {
  const { file, line } = source.problem(path, '');
  return `${file}:${line}`;
};

function checkNames(entries: readonly Entry[], problems: Problem[]): void {
  const path = ['metadata', 'name'];
  const first = new Map<string, Entry>();
  for (const entry of entries) {
    if (entry.name === null) continue;
    const other = first.get(entry.name);
    if (other === undefined) first.set(entry.name, entry);
    else {
      const message = `the name ${quote(entry.name)} is taken by ${placeOf(other, path)} (choose another one)`;
      problems.push(entry.source.problem(path, message));
    }
  }
}

function checkTargets(entries: readonly Entry[], problems: Problem[]): void {
  const first = new Map<string, { readonly entry: Entry; readonly path: DocumentPath }>();
  for (const entry of entries) {
    if (entry.target === null) continue;
    const { target, path } = entry.target;
    const id = targetId(target);
    const other = first.get(id);
    if (other === undefined) first.set(id, { entry, path });
    else {
      const message = `${id} already has a policy in ${placeOf(other.entry, other.path)} (one policy per target; several strategies may share it)`;
      problems.push(entry.source.problem(path, message));
    }
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const ALARM_NAME_LIMIT = 255;

function checkAlarmNames(entries: readonly Entry[], problems: Problem[]): void {
  for (const { source, policy } of entries) {
    const lengths = policy === null ? [] : alarmsFor(policy).map(({ name }) => name.length);
    const excess = Math.max(0, ...lengths) - ALARM_NAME_LIMIT;
    if (excess <= 0) continue;
    const message = `the name of an alarm would have ${ALARM_NAME_LIMIT + excess} characters; CloudWatch takes ${ALARM_NAME_LIMIT} (shorten the name by ${excess})`;
    problems.push(source.problem(['metadata', 'name'], message));
  }
}

function describe(
  source: SourceDocument,
  kind: DocumentKind,
  entries: readonly Entry[],
  bindings: BoundBindings,
): PolicyDocument {
  const at = { file: source.file.path, line: source.line, kind };
  const entry = entries.find((candidate) => candidate.source === source);
  if (entry === undefined) {
    const count = bindings.count(source);
    const summary = count === 1 ? '1 HorizontalPodAutoscaler' : `${count} HorizontalPodAutoscalers`;
    return { ...at, name: null, policy: null, summary };
  }
  const { name, policy } = entry;
  return { ...at, name, policy, summary: policy === null ? 'has problems' : summaryOf(policy) };
}

function summaryOf(policy: Policy): string {
  const alarms = alarmsFor(policy).length;
  const { min, max } = policy.bounds;
  return `${targetId(policy.target)}, ${min}..${max}, ${alarms} ${alarms === 1 ? 'alarm' : 'alarms'}`;
}

/** By file in the order given, then by place. */
function inOrder(problems: readonly Problem[], files: readonly SourceFile[]): readonly Problem[] {
  const rank = new Map(files.map(({ path }, index) => [path, index]));
  const key = ({ file }: Problem) => rank.get(file) ?? files.length;
  return [...problems].sort((a, b) => key(a) - key(b) || a.line - b.line || a.column - b.column);
}
