import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type PolicySet, parsePolicySet } from './parse-policy-set.ts';
import type { Problem } from './problem.ts';
import { MAX_FILE_BYTES, problemOfFile, type SourceFile, tooLarge } from './yaml-file.ts';

/** The file in which a folder binds its HorizontalPodAutoscalers; read with every file of the folder. */
const BINDINGS_FILE = 'bindings.yaml';

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name);

/**
 * Reads policies from files and folders (the `.yaml` and `.yml` files directly inside, by name; folders inside are
 * read only when they are named). A file that cannot be read is a problem, not an error.
 */
export async function loadPolicies(paths: readonly string[]): Promise<PolicySet> {
  const problems: Problem[] = [];
  const found = (await Promise.all(paths.map((path) => filesAt(path, problems)))).flat();
  const named = new Set(found);
  const beside = new Set(
    found.map((path) => join(dirname(path), BINDINGS_FILE)).filter((path) => !named.has(path)),
  );
  const companions = (await Promise.all([...beside].map(existing))).flat();
  const files = [
    ...(await Promise.all([...named].map((path) => readSource(path, false, problems)))),
    ...(await Promise.all(companions.map((path) => readSource(path, true, problems)))),
  ];
  const set = parsePolicySet(files.filter((file) => file !== null));
  return { ...set, problems: [...problems, ...set.problems] };
}

async function filesAt(path: string, problems: Problem[]): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [join(path)];
    const entries = await readdir(path, { withFileTypes: true });
    const files = entries
      .filter((entry) => !entry.isDirectory() && isYaml(entry.name))
      .map(({ name }) => name);
    if (files.length === 0) {
      problems.push(
        problemOfFile(path, 'the folder holds no .yaml or .yml file (add a policy, or name another folder)'),
      );
    }
    return files.sort().map((name) => join(path, name));
  } catch (error) {
    problems.push(problemOfFile(path, unreadable(error)));
    return [];
  }
}

const existing = async (path: string): Promise<readonly string[]> =>
  stat(path).then(
    () => [path],
    () => [],
  );

async function readSource(path: string, companion: boolean, problems: Problem[]): Promise<SourceFile | null> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) {
      problems.push(problemOfFile(path, tooLarge(size)));
      return null;
    }
    const text = decode(await readFile(path));
    if (text !== null) return { path, text, companion };
    problems.push(problemOfFile(path, 'the file is not text in UTF-8 (save it as UTF-8)'));
  } catch (error) {
    problems.push(problemOfFile(path, unreadable(error)));
  }
  return null;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'ENOENT') return 'no such file or folder (correct the path)';
  return `cannot be read: ${code} (check the path and its permissions)`;
}
