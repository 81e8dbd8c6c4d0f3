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
  const read = await Promise.all(entries.map((entry, index) => filesOf(source.file.path, entry, index)));
  const inline = new Map(
    read.flatMap(({ files, isInline }, index) =>
      isInline ? files.map(({ path }): [string, DocumentPath] => [path, ['policies', index]]) : [],
    ),
  );
  for (const [index, { refusals }] of read.entries())
    for (const refusal of refusals) report(['policies', index], refusal);
  const set = parsePolicySet(read.flatMap(({ files }) => files));
  for (const problem of set.problems) {
    const place = inline.get(problem.file);
    if (place === undefined) problems.push(problem);
    else report([...place, ...pathOf(problem.path)], problem.message);
  }
  return set;
}

interface Entry {
  readonly files: readonly SourceFile[];
  readonly isInline: boolean;
  readonly refusals: readonly string[];
}

/** What an entry of the list stands for: files beside the scenario, or a document of its own. */
async function filesOf(scenario: string, entry: unknown, index: number): Promise<Entry> {
  if (typeof entry === 'string') {
    const { files, problems } = await readPolicyFiles([join(dirname(scenario), entry)]);
    return { files, isInline: false, refusals: problems.map(({ message }) => `${quote(entry)}: ${message}`) };
  }
  if (typeof entry !== 'object' || entry === null) {
    const refusal = `${quote(entry)} is no policy (give a path relative to this file, or a document)`;
    return { files: [], isInline: true, refusals: [refusal] };
  }
  const text = stringify(entry, { aliasDuplicateObjects: false });
  return { files: [{ path: `${scenario} policies[${index}]`, text }], isInline: true, refusals: [] };
}

const PART = /\.?([A-Za-z_$][\w$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g;

/** The way that `formatPath` wrote. */
const pathOf = (text: string): DocumentPath =>
  text === 'document'
    ? []
    : [...text.matchAll(PART)].map(([, key, index, quoted]) =>
        key !== undefined ? key : index !== undefined ? Number(index) : String(JSON.parse(quoted ?? '""')),
      );
