import type { Guardrails, Policy } from '../core/policy.ts';
import type { DocumentKind } from './document-kind.ts';
import { NO_GUARDRAILS } from './operation.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import { cpuOf, memoryOf } from './resources.ts';
import { secondsOf } from './schema/duration.ts';
import { GuardrailsDocument, ResourceQuotaDocument } from './schema/guardrails.ts';
import type { SourceDocument } from './yaml-file.ts';
import { reportIssues } from './zod-problems.ts';

/** The kinds of document that set limits over all targets. */
export type GuardrailsKind = Extract<DocumentKind, 'Guardrails' | 'ResourceQuota'>;

/** What one document says of all targets. */
interface Said {
  readonly source: SourceDocument;
  readonly kind: GuardrailsKind;
  readonly limits: Guardrails;
  /** Where its quota stands. */
  readonly quotaPath: DocumentPath;
  /** What it holds beside that and is not read. */
  readonly ignored: readonly string[];
}

/** The limits of a set of policies. */
export interface SetGuardrails {
  /** All documents together. */
  readonly limits: Guardrails;
  /** What `validate` says of a document; null = it has problems. */
  summaryOf(source: SourceDocument, policies: readonly Policy[]): string | null;
  /** Reports a quota that the least sizes of the policies exceed already. */
  checkAgainst(policies: readonly Policy[]): void;
}

type Given = { readonly source: SourceDocument; readonly kind: GuardrailsKind };

/** Reads what a set says of all its targets: at most one document of each kind, and one quota. */
export function readGuardrails(
  documents: readonly Given[],
  reporterOf: (source: SourceDocument) => Report,
): SetGuardrails {
  const all = documents.flatMap(({ source, kind }) => {
    const said =
      kind === 'Guardrails' ? ownLimits(source, reporterOf(source)) : quotaOf(source, reporterOf(source));
    return said === null ? [] : [said];
  });
  checkOnce(documents, reporterOf);
  const budget = all.find(({ limits }) => limits.changeBudget !== null);
  const quotas = all.filter(({ limits }) => limits.quota !== null);
  const [quota, another] = quotas;
  if (quota !== undefined && another !== undefined && another.kind !== quota.kind) {
    reporterOf(another.source)(
      another.quotaPath,
      `the quota is already given in ${placeOf(quota.source)} (keep one of the two)`,
      'key',
    );
  }
  const limits = {
    changeBudget: budget?.limits.changeBudget ?? null,
    quota: quota?.limits.quota ?? null,
  };
  return {
    limits,
    summaryOf: (source, policies) => {
      const said = all.find((candidate) => candidate.source === source);
      return said === undefined ? null : summary(said, policies);
    },
    checkAgainst: (policies) => {
      if (quota !== undefined) checkLeast(quota, policies, reporterOf(quota.source));
    },
  };
}

const placeOf = (source: SourceDocument): string => {
  const { file, line } = source.problem(['kind'], '', 'key');
  return `${file}:${line}`;
};

function checkOnce(documents: readonly Given[], reporterOf: (source: SourceDocument) => Report): void {
  for (const kind of ['Guardrails', 'ResourceQuota'] as const) {
    const [first, ...others] = documents.filter((document) => document.kind === kind);
    for (const { source } of others) {
      if (first === undefined) continue;
      const message = `${quote(kind)} stands in ${placeOf(first.source)} already (keep one document for the whole set)`;
      reporterOf(source)(['kind'], message);
    }
  }
}

function ownLimits(source: SourceDocument, report: Report): Said | null {
  const parsed = GuardrailsDocument.safeParse(source.value);
  if (!parsed.success) {
    reportIssues(parsed.error.issues, source.value, report);
    return null;
  }
  const { changeBudget, quota } = parsed.data.spec;
  if (changeBudget === undefined && quota === undefined) {
    report(['spec'], 'says nothing (give changeBudget or quota)', 'key');
  }
  const seconds = changeBudget === undefined ? 0 : secondsOf(changeBudget.within);
  if (seconds > DAY) {
    report(
      ['spec', 'changeBudget', 'within'],
      `${quote(changeBudget?.within)} is more than a day (at most 1d)`,
    );
  }
  if (quota !== undefined && quota.cpu === undefined && quota.memory === undefined) {
    report(['spec', 'quota'], 'says nothing (give cpu or memory)', 'key');
  }
  const path = ['spec', 'quota'];
  return {
    ...{ source, kind: 'Guardrails', quotaPath: path, ignored: [] },
    limits: {
      changeBudget: changeBudget === undefined ? null : { units: changeBudget.units, seconds },
      quota:
        quota === undefined
          ? null
          : limitsOf(quota, { cpu: [...path, 'cpu'], memory: [...path, 'memory'] }, report),
    },
  };
}

const DAY = 86_400;

type Quota = NonNullable<Guardrails['quota']>;

const limitsOf = (
  {
    cpu,
    memory,
  }: { readonly cpu?: number | string | undefined; readonly memory?: number | string | undefined },
  paths: { readonly cpu: DocumentPath; readonly memory: DocumentPath },
  report: Report,
): Quota => ({
  cpu: cpu === undefined ? null : cpuOf(cpu, paths.cpu, report),
  memoryMiB: memory === undefined ? null : memoryOf(memory, paths.memory, report),
});

/** Names of the requests in a ResourceQuota; the short ones mean the same. */
const REQUESTS = { cpu: ['requests.cpu', 'cpu'], memory: ['requests.memory', 'memory'] } as const;

function quotaOf(source: SourceDocument, report: Report): Said | null {
  const parsed = ResourceQuotaDocument.safeParse(source.value);
  if (!parsed.success) {
    reportIssues(parsed.error.issues, source.value, report);
    return null;
  }
  const { hard, scopes, scopeSelector } = parsed.data.spec;
  if (scopes !== undefined || scopeSelector !== undefined) {
    const key = scopes === undefined ? 'scopeSelector' : 'scopes';
    report(['spec', key], 'tasks have no such classes to limit apart (remove it)', 'key');
  }
  const path = ['spec', 'hard'];
  const [cpu, memory] = [REQUESTS.cpu, REQUESTS.memory].map((names) =>
    names.find((name) => Object.hasOwn(hard, name)),
  );
  if (cpu === undefined && memory === undefined) {
    report(path, 'limits neither requests.cpu nor requests.memory (give one; limits.* are not read)', 'key');
  }
  const quota = limitsOf(
    { cpu: cpu && hard[cpu], memory: memory && hard[memory] },
    { cpu: [...path, cpu ?? ''], memory: [...path, memory ?? ''] },
    report,
  );
  return {
    ...{ source, kind: 'ResourceQuota', quotaPath: path },
    limits: { ...NO_GUARDRAILS, quota },
    ignored: Object.keys(hard).filter((name) => name !== cpu && name !== memory),
  };
}

function summary({ limits: { changeBudget, quota }, ignored }: Said, policies: readonly Policy[]): string {
  const counted = policies.filter(({ unitResources }) => unitResources !== null).length;
  const parts = [
    changeBudget && `at most ${changeBudget.units} units of change in ${changeBudget.seconds} s`,
    quota?.cpu != null && `${quota.cpu} vCPU`,
    quota?.memoryMiB != null && `${quota.memoryMiB} MiB`,
    quota && `for ${counted} of ${policies.length} policies (those with a unit)`,
    ignored.length > 0 && `not read: ${ignored.join(', ')}`,
  ];
  return parts.filter((each) => typeof each === 'string').join(', ');
}

/** A quota that is used up at the least sizes could never be kept. */
function checkLeast(
  { limits: { quota }, quotaPath }: Said,
  policies: readonly Policy[],
  report: Report,
): void {
  const least = (of: 'cpu' | 'memoryMiB') =>
    policies.reduce((sum, { bounds, unitResources }) => sum + bounds.min * (unitResources?.[of] ?? 0), 0);
  for (const [of, unit] of [
    ['cpu', 'vCPU'],
    ['memoryMiB', 'MiB'],
  ] as const) {
    const limit = quota?.[of] ?? null;
    if (limit === null || least(of) <= limit) continue;
    report(
      quotaPath,
      `the least sizes of the policies reserve ${least(of)} ${unit}, more than the quota of ${limit} (raise the quota or lower a min)`,
      'key',
    );
  }
}
