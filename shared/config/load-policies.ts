import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type PolicySet, parsePolicySet } from './parse-policy-set.ts';
import type { Problem } from './problem.ts';
import { MAX_FILE_BYTES, problemOfFile, type SourceFile, tooLarge } from './yaml-file.ts';

/** The file in which a folder binds its HorizontalPodAutoscalers; read with every file of the folder. */
const BINDINGS_FILE = 'bindings.yaml';

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name);

/** JSON is YAML; in a folder it may be anything, but whoever names a file means it. */
const isNamedLikeOne = (name: string): boolean => isYaml(name) || name.endsWith('.json');
const NOT_NAMED_LIKE_ONE =
  'not the name of a policy file (name one that ends with .yaml, .yml or .json, or a folder)';

/** What was found under one path, in a fixed order whatever the disk answers first. */
type Found<T> = { readonly value: T } | { readonly problem: Problem };

const good = <T>(found: readonly Found<T>[]): readonly T[] =>
  found.flatMap((each) => ('value' in each ? [each.value] : []));
const bad = (found: readonly Found<unknown>[]): readonly Problem[] =>
  found.flatMap((each) => ('problem' in each ? [each.problem] : []));

/**
 * Reads policies from files and folders (the `.yaml` and `.yml` files directly inside, by name; folders inside are
 * read only when they are named). A file that cannot be read is a problem, not an error.
 */
export async function loadPolicies(paths: readonly string[]): Promise<PolicySet> {
  const { files, problems } = await readPolicyFiles(paths);
  const set = parsePolicySet(files);
  return { ...set, problems: [...problems, ...set.problems] };
}

/** The text of policy files, with the bindings beside them, and what could not be read. Paths as for {@link loadPolicies}. */
export async function readPolicyFiles(
  paths: readonly string[],
): Promise<{ readonly files: readonly SourceFile[]; readonly problems: readonly Problem[] }> {
  const listed = await Promise.all(paths.map(filesAt));
  const named = [...new Set(good(listed).flat())];
  const bindings = new Set(named.map((path) => join(dirname(path), BINDINGS_FILE)));
  const beside = await Promise.all([...bindings].filter((path) => !named.includes(path)).map(existing));
  const read = await Promise.all([
    ...named.map((path) => readSource(path, false)),
    ...beside.flat().map((path) => readSource(path, true)),
  ]);
  return { files: good(read), problems: [...bad(listed), ...bad(read)] };
}

async function filesAt(path: string): Promise<Found<readonly string[]>> {
  try {
    const found = await stat(path);
    if (found.isFile() && !isNamedLikeOne(path)) return { problem: problemOfFile(path, NOT_NAMED_LIKE_ONE) };
    if (!found.isDirectory()) return { value: [join(path)] };
    const entries = await readdir(path, { withFileTypes: true });
    const files = entries
      .filter((entry) => !entry.isDirectory() && isYaml(entry.name))
      .map(({ name }) => name);
    if (files.length > 0) return { value: files.sort().map((name) => join(path, name)) };
    const message = 'the folder holds no .yaml or .yml file (add a policy, or name another folder)';
    return { problem: problemOfFile(path, message) };
  } catch (error) {
    return { problem: problemOfFile(path, unreadable(error)) };
  }
}

const existing = async (path: string): Promise<readonly string[]> =>
  stat(path).then(
    () => [path],
    () => [],
  );

async function readSource(path: string, companion: boolean): Promise<Found<SourceFile>> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) return { problem: problemOfFile(path, tooLarge(size)) };
    const text = decode(await readFile(path));
    if (text !== null) return { value: { path, text, companion } };
    return { problem: problemOfFile(path, 'the file is not text in UTF-8 (save it as UTF-8)') };
  } catch (error) {
    return { problem: problemOfFile(path, unreadable(error)) };
  }
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
