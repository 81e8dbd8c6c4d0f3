import { alarmsFor } from '../core/alarms.ts';
import type { Application } from '../core/application.ts';
import type { Policy } from '../core/policy.ts';
import { targetId } from '../core/target.ts';
import type { WarmPlan } from '../core/warm-plan.ts';
import { readApplications, type SetApplications } from './application.ts';
import { type BoundBindings, readBindings } from './bindings.ts';
import { type DocumentKind, kindOf } from './document-kind.ts';
import { field, part } from './fields.ts';
import { readGuardrails, type SetGuardrails } from './guardrails.ts';
import { compileHorizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import type { Problem, Report } from './problem.ts';
import { compileScalingPolicy } from './scaling-policy.ts';
import { Name } from './schema/common.ts';
import { checkSet, type SetEntry } from './set-checks.ts';
import { targetOf } from './target.ts';
import { readWarmPlans, type SetWarmPlans } from './warm-plans.ts';
import { readYamlFile, type SourceDocument, type SourceFile } from './yaml-file.ts';

/** One document of a set, as `validate` lists it. */
export interface PolicyDocument {
  readonly file: string;
  /** The line of its first field. */
  readonly line: number;
  readonly kind: DocumentKind;
  /** Null for a document without a name. */
  readonly name: string | null;
  /** Null for documents that are no policy, and for a policy with problems. */
  readonly policy: Policy | null;
  /** What it says, in a few words: `ecs-service/prod/web, 2..20, 2 alarms`. */
  readonly summary: string;
}

/** What a set of files amounts to. Policies are those without a problem; a set with problems must not be run. */
export interface PolicySet {
  readonly policies: readonly Policy[];
  readonly applications: readonly Application[];
  readonly warmPlans: readonly WarmPlan[];
  readonly documents: readonly PolicyDocument[];
  readonly problems: readonly Problem[];
}

interface Entry extends SetEntry {
  readonly kind: PolicyKind;
}

type PolicyKind = Extract<DocumentKind, 'ScalingPolicy' | 'HorizontalPodAutoscaler'>;

type Kinded<Kind> = { readonly source: SourceDocument; readonly kind: Kind };

/** Reads policy files: every document becomes a policy or says why not. Pure; never throws for what a file holds. */
export function parsePolicySet(files: readonly SourceFile[]): PolicySet {
  const problems: Problem[] = [];
  const sources = files.flatMap((file) => {
    const read = readYamlFile(file);
    problems.push(...read.problems);
    return read.documents;
  });
  const report = (source: SourceDocument) => reporter(source, problems);
  const kinds = sources.flatMap((source): readonly Kinded<DocumentKind>[] => {
    const kind = kindOf(source.value, report(source));
    return kind === null ? [] : [{ source, kind }];
  });
  const bindings = readBindings(
    ofKind(kinds, 'Bindings').map(({ source }) => source),
    report,
  );
  const guardrails = readGuardrails(ofKind(kinds, 'Guardrails', 'ResourceQuota'), report);
  const warm = readWarmPlans(
    ofKind(kinds, 'WarmPlan').map(({ source }) => source),
    report,
  );
  const entries = ofKind(kinds, 'ScalingPolicy', 'HorizontalPodAutoscaler').map(({ source, kind }) =>
    withLimits(compile(source, kind, bindings, report(source)), guardrails),
  );
  problems.push(...checkSet(entries));
  bindings.checkAllUsed();
  const policies = entries.flatMap(({ policy }) => (policy === null ? [] : [policy]));
  guardrails.checkAgainst(policies);
  const applications = readApplications(
    ofKind(kinds, 'Application').map(({ source }) => source),
    {
      policies,
      names: entries.flatMap(({ name }) => name ?? []),
      warmPlans: ofKind(kinds, 'WarmPlan').flatMap(
        ({ source }) => part(Name, field(field(source.value, 'metadata'), 'name')) ?? [],
      ),
    },
    report,
  );
  warm.checkAgainst(policies, (policy) => {
    const entry = entries.find(({ name }) => name === policy.name);
    return entry === undefined ? () => undefined : report(entry.source);
  });
  const documents = kinds
    .filter(({ source, kind }) => kind !== 'Bindings' || !source.file.companion)
    .map(({ source, kind }) => ({
      ...{ file: source.file.path, line: source.line, kind },
      ...saidOf(source, kind, { entries, bindings, guardrails, warm, policies, applications }),
    }));
  return {
    policies,
    applications: applications.applications,
    warmPlans: warm.plans,
    documents,
    problems: inOrder(problems, files),
  };
}

const ofKind = <Kind extends DocumentKind>(
  all: readonly Kinded<DocumentKind>[],
  ...kinds: readonly Kind[]
): readonly Kinded<Kind>[] =>
  all.filter((document): document is Kinded<Kind> =>
    (kinds as readonly DocumentKind[]).includes(document.kind),
  );

const withLimits = (entry: Entry, { limits }: SetGuardrails): Entry =>
  entry.policy === null ? entry : { ...entry, policy: { ...entry.policy, guardrails: limits } };

const reporter =
  (source: SourceDocument, problems: Problem[]): Report =>
  (...problem) => {
    problems.push(source.problem(...problem));
  };

function compile(source: SourceDocument, kind: PolicyKind, bindings: BoundBindings, report: Report): Entry {
  const { value } = source;
  const name = part(Name, field(field(value, 'metadata'), 'name'));
  if (kind === 'ScalingPolicy') {
    const policy = compileScalingPolicy(value, report);
    const target = targetOf(field(field(value, 'spec'), 'target'));
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

interface Set {
  readonly entries: readonly Entry[];
  readonly bindings: BoundBindings;
  readonly guardrails: SetGuardrails;
  readonly warm: SetWarmPlans;
  readonly policies: readonly Policy[];
  readonly applications: SetApplications;
}

const PROBLEMS = 'has problems';

function saidOf(
  source: SourceDocument,
  kind: DocumentKind,
  set: Set,
): Pick<PolicyDocument, 'name' | 'policy' | 'summary'> {
  const named = part(Name, field(field(source.value, 'metadata'), 'name'));
  switch (kind) {
    case 'Bindings': {
      const count = set.bindings.count(source);
      const summary = count === 1 ? '1 HorizontalPodAutoscaler' : `${count} HorizontalPodAutoscalers`;
      return { name: null, policy: null, summary };
    }
    case 'Application':
      return { name: named, policy: null, summary: set.applications.summaryOf(source) ?? PROBLEMS };
    case 'Guardrails':
    case 'ResourceQuota':
      return {
        name: named,
        policy: null,
        summary: set.guardrails.summaryOf(source, set.policies) ?? PROBLEMS,
      };
    case 'WarmPlan':
      return { name: named, policy: null, summary: set.warm.summaryOf(source) ?? PROBLEMS };
    case 'ScalingPolicy':
    case 'HorizontalPodAutoscaler': {
      const policy = set.entries.find((entry) => entry.source === source)?.policy ?? null;
      return { name: named, policy, summary: policy === null ? PROBLEMS : summaryOf(policy) };
    }
  }
}

function summaryOf(policy: Policy): string {
  const alarms = alarmsFor(policy).length;
  const { min, max } = policy.bounds;
  const windows = policy.schedule?.windows.length ?? 0;
  return [
    `${targetId(policy.target)}, ${min}..${max}`,
    counted(alarms, 'alarm'),
    ...(windows > 0 ? [counted(windows, 'window')] : []),
  ].join(', ');
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** By file in the order given, then by place. */
function inOrder(problems: readonly Problem[], files: readonly SourceFile[]): readonly Problem[] {
  const rank = new Map(files.map(({ path }, index) => [path, index]));
  const key = ({ file }: Problem) => rank.get(file) ?? files.length;
  return [...problems].sort((a, b) => key(a) - key(b) || a.line - b.line || a.column - b.column);
}
