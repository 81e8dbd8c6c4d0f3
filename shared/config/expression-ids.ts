import { type DocumentPath, quote, type Report } from './problem.ts';

/** A zero as it may be written, in parentheses or not, and nothing of a longer number: `/ 0`, `/(0.0)`, but not `/ 0.5`. */
const DIVISION_BY_ZERO = /\/\s*(?:\(\s*(?:0+\.?0*|\.0+)\s*\)|(?:0+\.?0*|\.0+)(?![\w.]))/;

/** Checks a metric math expression against the ids it may use: identifiers begin in lower case, functions in upper case. */
export function checkExpression(
  metric: {
    readonly id: string;
    readonly expression: string;
    readonly metrics: Readonly<Record<string, unknown>>;
  },
  path: DocumentPath,
  report: Report,
): void {
  const code = metric.expression.replace(/"[^"]*"|'[^']*'/g, ' ');
  const words: readonly string[] = code.match(/[A-Za-z_]\w*/g) ?? [];
  const used = new Set(words.filter((word) => /^[a-z]/.test(word)));
  const known = Object.keys(metric.metrics);
  for (const id of used) {
    if (known.includes(id)) continue;
    report(
      [...path, 'expression'],
      `names ${quote(id)}, which is not among its metrics (add it, or use: ${known.join(', ')})`,
    );
  }
  // METRICS() stands for all of them.
  for (const id of words.includes('METRICS') ? [] : known.filter((id) => !used.has(id))) {
    report(
      [...path, 'metrics', id],
      `the expression does not use ${quote(id)} (use it, or remove it)`,
      'key',
    );
  }
  if (known.includes(metric.id)) {
    report([...path, 'id'], `${quote(metric.id)} is also the id of one of its metrics (choose another one)`);
  }
  const zero = DIVISION_BY_ZERO.exec(code);
  if (zero !== null) {
    report([...path, 'expression'], `${quote(zero[0])} divides by zero (divide by something else)`);
  }
  const forbidden = ['SEARCH', 'SELECT'].find((word) => words.includes(word));
  if (forbidden !== undefined) {
    report([...path, 'expression'], `alarms cannot use ${forbidden} (list the metrics under "metrics")`);
  }
}
