import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { cronerCalendar } from '../../shared/adapters/calendar/croner-calendar.ts';
import { loadPolicies } from '../../shared/config/load-policies.ts';
import type { PolicyDocument } from '../../shared/config/parse-policy-set.ts';
import { formatProblem } from '../../shared/config/problem.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { explain } from '../../shared/core/explain.ts';
import { receiptLine } from '../../shared/core/receipt-text.ts';
import type { Instant } from '../../shared/core/time.ts';
import { type Finding, pathOf, type Severity } from '../../shared/verification/finding.ts';
import { type Examination, verifyPolicy } from '../../shared/verification/verify-policy.ts';
import { fileTrouble, numberOf } from './words.ts';

/** What `verify` was asked for. */
export interface VerifyOptions {
  readonly paths: readonly string[];
  /** The file that takes the counter-examples; null = they are printed in short form alone. */
  readonly receipts: string | null;
  readonly json: boolean;
}

/**
 * Checks the arguments of `verify`.
 * @throws ControllerError `invalid` that names the argument that is wrong.
 */
export function parseVerifyOptions(rawArgs: readonly string[]): VerifyOptions {
  const { values, positionals } = parsed(rawArgs);
  if (values.receipts === '') throw refusal('--receipts: is empty (name a file)');
  return {
    paths: positionals.length === 0 ? ['policies'] : positionals,
    receipts: values.receipts ?? null,
    json: values.json ?? false,
  };
}

function parsed(rawArgs: readonly string[]) {
  try {
    const options = { receipts: { type: 'string' }, json: { type: 'boolean' } } as const;
    return parseArgs({ args: [...rawArgs], options, allowPositionals: true });
  } catch (cause) {
    const [problem] = (cause instanceof Error ? cause.message : String(cause)).split('. ');
    throw refusal(`${problem} (npm run -s plimsoll -- verify --help)`, cause);
  }
}

const refusal = (message: string, cause?: unknown): ControllerError =>
  new ControllerError('invalid', message, { retryable: false, cause });

/** A finding with the place of its policy. */
interface Placed extends Finding {
  readonly file: string;
  readonly line: number;
}

/**
 * Checks policies against themselves with the real decision function. Exit code 1 for a problem of validation or a finding
 * that is an error, otherwise 0. `now`: where schedules are looked at from.
 */
export async function runVerify(
  options: VerifyOptions,
  now: Instant,
  out: (line: string) => void,
): Promise<number> {
  const startedAt = performance.now();
  const { documents, problems } = await loadPolicies(options.paths);
  if (problems.length > 0) {
    for (const problem of problems) out(formatProblem(problem));
    return 1;
  }
  const calendar = cronerCalendar();
  const examined = documents.flatMap(({ policy, ...place }) =>
    policy === null ? [] : [{ place, examination: verifyPolicy(policy, calendar, now) }],
  );
  const findings = examined.flatMap(({ place, examination }) => examination.findings.map(placedAt(place)));
  for (const finding of findings) for (const line of linesOf(finding, options.json)) out(line);
  const written = await writeReceipts(options.receipts, findings);
  if (!options.json) {
    if (written !== null) out(written);
    const seconds = (performance.now() - startedAt) / 1000;
    const examinations = examined.map(({ examination }) => examination);
    out(summaryOf(examinations, findings, seconds));
  }
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

const placedAt =
  ({ file, line }: Pick<PolicyDocument, 'file' | 'line'>) =>
  (finding: Finding): Placed => ({ file, line, ...finding });

function linesOf(finding: Placed, json: boolean): readonly string[] {
  const { file, line, policy, severity, check, message, fix, receipts = [] } = finding;
  if (json) {
    const { receipts: _, ...rest } = finding;
    return [JSON.stringify({ ...rest, path: pathOf(receipts), receipts: receipts.map(({ id }) => id) })];
  }
  const [first] = receipts;
  const said = first?.decision.kind === 'hold' ? [`  ${explain(first.decision)}`] : [];
  return [`${file}:${line} ${policy}: ${severity}: ${check}: ${message} (${fix})`, ...said];
}

async function writeReceipts(path: string | null, findings: readonly Finding[]): Promise<string | null> {
  if (path === null) return null;
  const lines = findings.flatMap(({ receipts = [] }) =>
    receipts.map((receipt) => `${receiptLine(receipt)}\n`),
  );
  try {
    await writeFile(path, lines.join(''));
  } catch (cause) {
    throw refusal(`--receipts ${path}: ${fileTrouble(cause, 'folder')}`, cause);
  }
  const written = `${numberOf(lines.length, 'receipt')} in ${path}`;
  return lines.length === 0 ? written : `${written}: npm run -s plimsoll -- replay ${path}`;
}

function summaryOf(
  examinations: readonly Examination[],
  findings: readonly Finding[],
  seconds: number,
): string {
  const decisions = sum(examinations.map((each) => each.decisions));
  const minutes = sum(examinations.map((each) => each.minutes));
  const looked = [
    numberOf(decisions, 'decision'),
    ...(minutes === 0 ? [] : [numberOf(minutes, 'minute of schedules', 'minutes of schedules')]),
  ].join(' and ');
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  const notes = count('note') === 0 ? '' : `, ${numberOf(count('note'), 'note')}`;
  const outcome = `${numberOf(count('error'), 'error')}, ${numberOf(count('warning'), 'warning')}${notes}`;
  return `${numberOf(examinations.length, 'policy', 'policies')}: ${looked} looked at in ${seconds.toFixed(1)} s; ${outcome}`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
