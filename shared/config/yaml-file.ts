import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from 'yaml';
import { MAX_NESTING, nestsTooDeeply } from './nesting.ts';
import { type DocumentPath, formatPath, type Problem, type Report } from './problem.ts';

/** A file of policies: its name, for messages, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Read only because it lies beside a file that was asked for: what nobody uses in it is no mistake. */
  readonly companion?: boolean;
}

/** One document of a file, as plain data, with the way back to its lines. */
export interface SourceDocument {
  readonly file: SourceFile;
  /** The line of its first field. */
  readonly line: number;
  readonly value: unknown;
  /** The problem at a path of this document. */
  readonly problem: (path: DocumentPath, message: string, on?: 'key' | 'value') => Problem;
}

/** The largest policy file that is read: 1 MiB. Larger ones are refused before they are parsed. */
export const MAX_FILE_BYTES = 1_048_576;

const TOO_DEEP = `the file nests too deeply (at most ${MAX_NESTING} levels; indent by at most ${2 * MAX_NESTING} columns)`;

/** How often aliases may repeat what they stand for in one document. */
const MAX_ALIAS_COUNT = 100;

/** Takes a file apart into its documents. Never throws: whatever is wrong with the YAML is a problem with its place. */
export function readYamlFile(file: SourceFile): {
  readonly documents: readonly SourceDocument[];
  readonly problems: readonly Problem[];
} {
  const whole = (message: string) => ({ documents: [], problems: [problemOfFile(file.path, message)] });
  if (file.text.length > MAX_FILE_BYTES) return whole(tooLarge(file.text.length));
  if (file.text.trim() === '') return whole('the file is empty (write a policy, or delete the file)');
  if (nestsTooDeeply(file.text)) return whole(TOO_DEEP);
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const documents: SourceDocument[] = [];
  try {
    const options = {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'silent',
    } as const;
    const parsed = parseAllDocuments(file.text, options);
    for (const document of Array.isArray(parsed) ? parsed : []) {
      readDocument(file, document, lines, documents, problems);
    }
  } catch (error) {
    return whole(`cannot be read: ${firstLine(error)} (write plain YAML)`);
  }
  if (documents.length === 0 && problems.length === 0) {
    return whole('the file holds no document (write a policy, or delete the file)');
  }
  return { documents, problems };
}

/** A problem of a file as a whole, at its first line. */
export const problemOfFile = (file: string, message: string): Problem => ({
  file,
  line: 1,
  column: 1,
  path: 'document',
  message,
});

/** What a file over the limit is told. */
export const tooLarge = (bytes: number): string =>
  `the file has ${bytes} bytes; the limit is ${MAX_FILE_BYTES} (split it into several files)`;

function readDocument(
  file: SourceFile,
  document: Document.Parsed,
  lines: LineCounter,
  documents: SourceDocument[],
  problems: Problem[],
): void {
  const at = (offset: number, path: string, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file: file.path, line, column: col, path, message };
  };
  const problem: SourceDocument['problem'] = (path, message, on = 'value') =>
    at(offsetOf(document, path, on), formatPath(path), message);
  for (const { pos, code, message } of [...document.errors, ...document.warnings]) {
    problems.push(at(pos[0], 'document', syntaxMessage(code, message)));
  }
  if (document.errors.length > 0 || document.contents === null) return;
  const duplicates = duplicateKeys(document, lines);
  problems.push(...duplicates.map(({ offset, path, message }) => at(offset, path, message)));
  if (duplicates.length > 0) return;
  const value = plainValue(document, (path, message) => problems.push(problem(path, message)));
  if (value === undefined || value === null) return;
  documents.push({ file, line: lines.linePos(document.contents.range[0]).line, value, problem });
}

function plainValue(document: Document.Parsed, report: Report): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
    if (!containsItself(value, new Set())) return value;
    report([], 'an alias stands inside its own anchor (write the value out)');
  } catch (error) {
    const reason = firstLine(error);
    report(
      [],
      /alias/i.test(reason)
        ? `aliases expand to too much (at most ${MAX_ALIAS_COUNT} repeated nodes; write the values out)`
        : `cannot be read: ${reason} (write plain YAML)`,
    );
  }
  return undefined;
}

function containsItself(value: unknown, ancestors: Set<unknown>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (ancestors.has(value)) return true;
  ancestors.add(value);
  const found = Object.values(value).some((part) => containsItself(part, ancestors));
  ancestors.delete(value);
  return found;
}

interface DuplicateKey {
  readonly offset: number;
  readonly path: string;
  readonly message: string;
}

/** The parser's own check compares every key with every other one: too slow for a file of nothing but keys. */
function duplicateKeys(document: Document.Parsed, lines: LineCounter): readonly DuplicateKey[] {
  const found: DuplicateKey[] = [];
  visit(document, {
    Map(_, map, ancestors) {
      const seen = new Map<string, number>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        const offset = key.range?.[0] ?? 0;
        const first = seen.get(name);
        if (first === undefined) seen.set(name, offset);
        else {
          const message = `the key stands twice; it was first set in line ${lines.linePos(first).line} (keep one)`;
          found.push({ offset, path: formatPath([...pathOf(ancestors, map), name]), message });
        }
      }
    },
  });
  return found;
}

/** The path to a node, from the nodes above it. */
function pathOf(ancestors: readonly unknown[], node: unknown): DocumentPath {
  return [...ancestors, node].flatMap((above, index, all): readonly PropertyKey[] => {
    if (isPair(above)) return [isScalar(above.key) ? String(above.key.value) : '?'];
    return isSeq(above) ? [above.items.indexOf(all[index + 1])] : [];
  });
}

function offsetOf(document: Document.Parsed, path: DocumentPath, on: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, part] of path.entries()) {
    const step: Found | null = child(resolved(document, node), part);
    if (step === null) return offset;
    const last = index === path.length - 1;
    offset = (last && on === 'key' ? startOf(step.key) : startOf(step.value)) ?? startOf(step.key) ?? offset;
    node = step.value;
  }
  return offset;
}

interface Found {
  readonly key: unknown;
  readonly value: unknown;
}

function child(node: unknown, part: PropertyKey): Found | null {
  if (isSeq(node) && typeof part === 'number') {
    const value = node.items[part];
    return value === undefined ? null : { key: undefined, value };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

const resolved = (document: Document.Parsed, node: unknown): unknown =>
  isAlias(node) ? node.resolve(document) : node;

const startOf = (node: unknown): number | undefined => (isNode(node) ? (node as Node).range?.[0] : undefined);

const firstLine = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);

function syntaxMessage(code: string, message: string): string {
  const text = (message.split('\n')[0] ?? '').replace(/[.:]$/, '');
  const fix = SYNTAX_FIXES[code] ?? 'correct the YAML here';
  return `not valid YAML: ${text} (${fix})`;
}

const SYNTAX_FIXES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'align it with the lines around it',
  BAD_ALIAS: 'define the anchor first, or write the value out',
  BAD_SCALAR_START: 'put the value in quotes',
  MISSING_CHAR: 'close the quote or bracket',
  TAG_RESOLVE_FAILED: 'remove the tag',
};
