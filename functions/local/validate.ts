import { loadPolicies } from '../../shared/config/load-policies.ts';
import { formatProblem } from '../../shared/config/problem.ts';

/** Where policies live unless the caller says otherwise. */
const DEFAULT_PATHS = ['policies'] as const;

/**
 * Checks policy files. Exit code 0 and a line per document, or 1 and a line per problem.
 * `paths`: files and folders; none means `policies`.
 */
export async function runValidate(paths: readonly string[], out: (line: string) => void): Promise<number> {
  const { documents, problems } = await loadPolicies(paths.length === 0 ? DEFAULT_PATHS : paths);
  if (problems.length > 0) {
    for (const problem of problems) out(formatProblem(problem));
    return 1;
  }
  for (const { file, line, kind, name, summary } of documents) {
    out(`${file}:${line} ${kind}${name === null ? '' : ` ${name}`}: ${summary}`);
  }
  return 0;
}
