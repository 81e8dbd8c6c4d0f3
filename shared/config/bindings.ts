import type { BoundBy } from './bound-by.ts';
import { field, part } from './fields.ts';
import { quote, type Report } from './problem.ts';
import { Binding, BindingsDocument } from './schema/bindings.ts';
import type { SourceDocument } from './yaml-file.ts';
import { reportIssues } from './zod-problems.ts';

/** The bindings of a set, found by folder and name. */
export interface BoundBindings {
  /** What is said of a HorizontalPodAutoscaler; `broken` when that has problems of its own, already reported. */
  find(manifest: SourceDocument, name: string): BoundBy | 'broken' | 'none';
  /** How many HorizontalPodAutoscalers a document binds. */
  count(document: SourceDocument): number;
  /** Reports bindings of HorizontalPodAutoscalers that are not there. */
  checkAllUsed(): void;
}

interface Entry {
  readonly source: SourceDocument;
  readonly name: string;
  readonly binding: Binding | null;
  readonly report: Report;
}

const ENTRIES = ['spec', 'horizontalPodAutoscalers'] as const;

/** Reads all `Bindings` documents of a set, and reports what is wrong with them. */
export function readBindings(
  documents: readonly SourceDocument[],
  reporterOf: (source: SourceDocument) => Report,
): BoundBindings {
  const entries = new Map<string, Entry>();
  const used = new Set<Entry>();
  const counts = new Map<SourceDocument, number>();
  for (const source of documents) {
    const report = reporterOf(source);
    const parsed = BindingsDocument.safeParse(source.value);
    if (!parsed.success) reportIssues(parsed.error.issues, source.value, report);
    const found = entriesOf(source, report);
    counts.set(source, found.length);
    for (const entry of found) add(entries, entry);
  }
  return {
    find: (manifest, name) => {
      const entry = entries.get(keyOf(manifest, name));
      if (entry === undefined) return 'none';
      used.add(entry);
      return entry.binding === null ? 'broken' : { binding: entry.binding, report: entry.report };
    },
    count: (document) => counts.get(document) ?? 0,
    checkAllUsed: () => {
      for (const entry of entries.values()) {
        if (used.has(entry) || entry.source.file.companion) continue;
        const message = `no HorizontalPodAutoscaler ${quote(entry.name)} in this folder (correct the name, or remove the binding)`;
        entry.report([], message, 'key');
      }
    },
  };
}

function entriesOf(source: SourceDocument, report: Report): readonly Entry[] {
  const all = field(field(source.value, ENTRIES[0]), ENTRIES[1]);
  if (typeof all !== 'object' || all === null || Array.isArray(all)) return [];
  return Object.entries(all).map(([name, value]) => ({
    source,
    name,
    binding: part(Binding, value),
    report: (path, message, on) => report([...ENTRIES, name, ...path], message, on),
  }));
}

function add(entries: Map<string, Entry>, entry: Entry): void {
  const key = keyOf(entry.source, entry.name);
  const other = entries.get(key);
  if (other === undefined) entries.set(key, entry);
  else {
    const { file, line } = other.source.problem([...ENTRIES, entry.name], '', 'key');
    entry.report([], `${quote(entry.name)} is already bound in ${file}:${line} (keep one)`, 'key');
  }
}

/** Bindings reach the manifests of their own folder only. */
const keyOf = (source: SourceDocument, name: string): string =>
  JSON.stringify([source.file.path.replace(/[^/\\]*$/, ''), name]);
