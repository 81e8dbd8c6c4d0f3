import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { readPolicyFiles } from '../../../shared/config/load-policies.ts';
import { type PolicySet, parsePolicySet } from '../../../shared/config/parse-policy-set.ts';
import { type DocumentPath, type Problem, quote, type Report } from '../../../shared/config/problem.ts';
import {
  problemOfFile,
  readYamlFile,
  type SourceDocument,
  type SourceFile,
} from '../../../shared/config/yaml-file.ts';
import { reportIssues } from '../../../shared/config/zod-problems.ts';
import { fileTrouble } from '../words.ts';
import { checkScenario } from './check-scenario.ts';
import { compileScenario, type Scenario } from './scenario.ts';
import { ScenarioDocument } from './schema.ts';

/** A scenario that can be run, or everything that is wrong with its file. */
export type LoadedScenario =
  | { readonly scenario: Scenario }
  | { readonly problems: readonly [Problem, ...Problem[]] };

/** Reads a scenario with the policies that it names. What is wrong is a problem with its place and its fix, never an error. */
export async function loadScenario(path: string): Promise<LoadedScenario> {
  const problems: Problem[] = [];
  const source = await readSource(path, problems);
  const scenario = source === null ? null : await readScenario(source, problems);
  const [first, ...others] = problems;
  if (first !== undefined) return { problems: [first, ...others] };
  if (scenario !== null) return { scenario };
  return { problems: [problemOfFile(path, 'the file holds no scenario (begin with name: and policies:)')] };
}

async function readSource(path: string, problems: Problem[]): Promise<SourceDocument | null> {
  try {
    const file = { path, text: await readFile(path, 'utf8') };
    const { documents, problems: found } = readYamlFile(file);
    problems.push(...found);
    const [first, second] = documents;
    if (second !== undefined)
      problems.push(
        second.problem([], 'a second document (a file holds one scenario: move it to another file)'),
      );
    return first ?? null;
  } catch (cause) {
    problems.push(problemOfFile(path, fileTrouble(cause)));
    return null;
  }
}

async function readScenario(source: SourceDocument, problems: Problem[]): Promise<Scenario | null> {
  const report: Report = (...problem) => problems.push(source.problem(...problem));
  const parsed = ScenarioDocument.safeParse(source.value);
  if (!parsed.success) reportIssues(parsed.error.issues, source.value, report);
  const set = await policySet(source, problems, report);
  if (!parsed.success || problems.length > 0) return null;
  checkScenario(parsed.data, set, report);
  if (problems.length > 0) return null;
  return compileScenario(source.file.path, parsed.data, set);
}

/** The policies that a scenario names, and those that stand in it. */
async function policySet(source: SourceDocument, problems: Problem[], report: Report): Promise<PolicySet> {
  const given = (source.value as { readonly policies?: unknown }).policies;
  const entries: readonly unknown[] = Array.isArray(given) ? given : [];
  const inline = new Map<string, DocumentPath>();
  const files: SourceFile[] = [];
  for (const [index, entry] of entries.entries()) {
    const place = ['policies', index];
    const path = `${source.file.path} policies[${index}]`;
    if (isDocument(entry)) inline.set(path, place);
    files.push(...(await filesOf(entry, path, source, (message) => report(place, message))));
  }
  const set = parsePolicySet(files);
  for (const problem of set.problems) {
    const place = inline.get(problem.file);
    if (place === undefined) problems.push(problem);
    else report([...place, ...pathOf(problem.path)], problem.message);
  }
  return set;
}

const isDocument = (entry: unknown): boolean => typeof entry === 'object' && entry !== null;

/** What an entry stands for: the files at a path relative to the scenario, or a document, as a file of the name `path`. */
async function filesOf(
  entry: unknown,
  path: string,
  source: SourceDocument,
  report: (message: string) => void,
): Promise<readonly SourceFile[]> {
  if (typeof entry === 'string') {
    const { files, problems } = await readPolicyFiles([join(dirname(source.file.path), entry)]);
    for (const { message } of problems) report(`${quote(entry)}: ${message}`);
    return files;
  }
  if (isDocument(entry)) return [{ path, text: stringify(entry, { aliasDuplicateObjects: false }) }];
  report(`${quote(entry)} is no policy (give a path relative to this file, or a document)`);
  return [];
}

const PART = /\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g;

/** The way that `formatPath` wrote. */
const pathOf = (text: string): DocumentPath =>
  text === 'document'
    ? []
    : [...text.matchAll(PART)].map(([, key, index, quoted]) =>
        key !== undefined ? key : index !== undefined ? Number(index) : String(JSON.parse(quoted ?? '""')),
      );
