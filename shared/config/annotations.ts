import { parse } from 'yaml';
import type { Target } from '../core/target.ts';
import { nearest } from './nearest.ts';
import { type DocumentPath, quote, type Report } from './problem.ts';
import type { HorizontalPodAutoscalerDocument } from './schema/horizontal-pod-autoscaler.ts';
import { BoundMetric, type BoundMetricDocument } from './schema/metric.ts';
import { TargetDocument } from './schema/target.ts';
import { completed } from './target.ts';
import { reportIssues } from './zod-problems.ts';

type Document = HorizontalPodAutoscalerDocument;

const PREFIX = 'plimsoll.io/';
const TARGET_KIND = `${PREFIX}target-kind`;
const METRIC = `${PREFIX}metric.`;

/** The annotations that make up a target, by its fields. */
const TARGET_FIELDS = { cluster: `${PREFIX}ecs-cluster`, service: `${PREFIX}ecs-service` } as const;
const KNOWN: readonly string[] = [TARGET_KIND, TARGET_FIELDS.cluster, TARGET_FIELDS.service];

const pathOf = (annotation: string): DocumentPath => ['metadata', 'annotations', annotation];

const annotationsOf = (document: Document): Readonly<Record<string, string>> =>
  document.metadata.annotations ?? {};

/** Reports annotations under our prefix that mean nothing. */
export function checkAnnotations(document: Document, report: Report): void {
  for (const name of Object.keys(annotationsOf(document))) {
    if (!name.startsWith(PREFIX) || KNOWN.includes(name) || name.startsWith(METRIC)) continue;
    const near = nearest(name, KNOWN);
    const known = [...KNOWN, `${METRIC}NAME`].join(', ');
    report(
      pathOf(name),
      `unknown annotation (${near === null ? `known: ${known}` : `did you mean "${near}"?`})`,
      'key',
    );
  }
}

/** The target that annotations name; `none` when there is no such annotation, null after reporting a wrong one. */
export function annotatedTarget(document: Document, report: Report): Target | null | 'none' {
  const annotations = annotationsOf(document);
  if (!KNOWN.some((name) => name in annotations)) return 'none';
  const kind = annotations[TARGET_KIND] ?? 'ecs-service';
  if (kind !== 'ecs-service') {
    report(pathOf(TARGET_KIND), `${quote(kind)} is not known here (write "ecs-service")`);
    return null;
  }
  const cluster = annotations[TARGET_FIELDS.cluster];
  const service = annotations[TARGET_FIELDS.service];
  const parsed = TargetDocument.safeParse({ kind, cluster, service });
  if (parsed.success) return completed(parsed.data);
  for (const issue of parsed.error.issues) {
    const field = issue.path[0] === 'cluster' ? 'cluster' : 'service';
    const missing = annotations[TARGET_FIELDS[field]] === undefined;
    const path = pathOf(TARGET_FIELDS[field]);
    report(
      path,
      missing ? `is missing (give the name of the ECS ${field})` : issue.message,
      missing ? 'key' : 'value',
    );
  }
  return null;
}

/** What `plimsoll.io/metric.NAME` annotations say: the CloudWatch metric, as YAML or JSON, or null after reporting it. */
export function annotatedMetrics(
  document: Document,
  report: Report,
): ReadonlyMap<string, { readonly metric: BoundMetricDocument | null; readonly path: DocumentPath }> {
  const entries = Object.entries(annotationsOf(document)).filter(([name]) => name.startsWith(METRIC));
  return new Map(
    entries.map(([name, text]) => {
      const path = pathOf(name);
      // Problems inside the text have no line of their own: they are reported at the annotation.
      const metric = readMetric(text, (inner, message) =>
        report(path, inner.length > 0 ? `${inner.join('.')}: ${message}` : message),
      );
      return [name.slice(METRIC.length), { metric, path }];
    }),
  );
}

function readMetric(text: string, report: Report): BoundMetricDocument | null {
  try {
    const value: unknown = parse(text, { logLevel: 'silent', maxAliasCount: 0 });
    const parsed = BoundMetric.safeParse(value);
    if (parsed.success) return parsed.data;
    reportIssues(parsed.error.issues, value, report);
  } catch {
    report([], 'is not YAML or JSON (write, for example, {"namespace": "AWS/SQS", "name": "…"})');
  }
  return null;
}
