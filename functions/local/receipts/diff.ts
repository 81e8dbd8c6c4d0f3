import { cronerCalendar } from '../../../shared/adapters/calendar/croner-calendar.ts';
import { loadPolicies } from '../../../shared/config/load-policies.ts';
import { policyRefusal } from '../../../shared/config/problem.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';
import type { Decision } from '../../../shared/core/decision.ts';
import { headlineOf } from '../../../shared/core/explain-receipt.ts';
import type { Policy } from '../../../shared/core/policy.ts';
import type { Receipt } from '../../../shared/core/receipt.ts';
import { NO_SCHEDULE } from '../../../shared/core/schedule.ts';
import { targetId } from '../../../shared/core/target.ts';
import { decideAgain } from '../../../shared/core/why-not.ts';
import { namesOf } from './explain.ts';
import type { ReceiptOptions } from './options.ts';
import { type Paper, when } from './paper.ts';
import { problemLine } from './pick.ts';
import { readReceipts } from './read-receipts.ts';

const calendar = cronerCalendar();

interface Counts {
  receipts: number;
  same: number;
  different: number;
  /** Of those that differ, with another size in the end. */
  otherSize: number;
  withoutPolicy: number;
  bad: number;
}

/**
 * Says what another set of policies would have decided on the same receipts. Differences are what was asked for: exit code 1
 * only where a line was no receipt, or where no receipt has a policy in the set.
 */
export async function runDiff(options: ReceiptOptions, paper: Paper): Promise<number> {
  const [policyPath, ...paths] = options.paths;
  if (policyPath === undefined) {
    throw new ControllerError('invalid', 'no policies: name a file or folder of them first, then receipts', {
      retryable: false,
    });
  }
  const policies = await usablePolicies(policyPath);
  const counts: Counts = { receipts: 0, same: 0, different: 0, otherSize: 0, withoutPolicy: 0, bad: 0 };
  for await (const located of readReceipts(paths, options.api)) {
    if ('problem' in located) {
      counts.bad += 1;
      paper.problem(problemLine(located));
    } else compare(located.receipt, policies, counts, options, paper);
  }
  paper.line(options.json ? JSON.stringify(counts) : summaryOf(counts, policyPath, paper));
  return counts.bad === 0 && counts.receipts > counts.withoutPolicy ? 0 : 1;
}

async function usablePolicies(path: string): Promise<readonly Policy[]> {
  const { policies, problems } = await loadPolicies([path]);
  if (problems.length > 0) throw policyRefusal(problems);
  return policies;
}

function compare(
  receipt: Receipt,
  policies: readonly Policy[],
  counts: Counts,
  { json, all }: ReceiptOptions,
  paper: Paper,
): void {
  counts.receipts += 1;
  const policy = policyFor(receipt, policies);
  if (policy === null) {
    counts.withoutPolicy += 1;
    if (json)
      paper.line(JSON.stringify({ ...namesOf(receipt), problem: 'no policy of that name or target' }));
    return;
  }
  const other = decideAgain(under(policy, receipt));
  const [was, would] = [headlineOf(receipt.decision), headlineOf(other)];
  const same = was === would;
  counts[same ? 'same' : 'different'] += 1;
  if (sizeAfter(receipt.decision) !== sizeAfter(other)) counts.otherSize += 1;
  const missing = notRead(receipt, other);
  if (json) paper.line(JSON.stringify({ ...namesOf(receipt), same, was, would, missing, decision: other }));
  else if (!same || all) paper.line(comparison(receipt, was, would, missing, paper));
}

const sizeAfter = (decision: Decision): number => (decision.kind === 'resize' ? decision.to : decision.size);

/** The policy of the same name, or else of the same target. */
const policyFor = ({ policy }: Receipt, policies: readonly Policy[]): Policy | null =>
  policies.find(({ name }) => name === policy.name) ??
  policies.find(({ target }) => targetId(target) === targetId(policy.target)) ??
  null;

/** What another policy would have been shown: the same look, with its own windows at that moment. */
function under(policy: Policy, receipt: Receipt): Receipt {
  const isSameSchedule = JSON.stringify(policy.schedule) === JSON.stringify(receipt.policy.schedule);
  if (isSameSchedule) return { ...receipt, policy };
  const schedule = policy.schedule === null ? NO_SCHEDULE : calendar.at(policy.schedule, receipt.now);
  return { ...receipt, policy, snapshot: { ...receipt.snapshot, schedule } };
}

/** Metrics that the other policy asks for and nobody read then. */
const notRead = ({ snapshot }: Receipt, { trace }: Decision): readonly string[] =>
  trace.flatMap((step) =>
    step.step === 'missing' && snapshot.metrics[step.metric] === undefined ? [step.label] : [],
  );

function comparison(
  { now, policy }: Receipt,
  was: string,
  would: string,
  missing: readonly string[],
  { style }: Paper,
): string {
  const note = missing.length === 0 ? '' : style('dim', `   not in the receipt: ${missing.join(', ')}`);
  const then = was === would ? style('dim', would) : style('green', would);
  return `${style('dim', when(now))}  ${style('bold', policy.name)}  ${was}  ⇒  ${then}${note}`;
}

function summaryOf(
  { receipts, different, otherSize, withoutPolicy, bad }: Counts,
  path: string,
  { style }: Paper,
): string {
  if (receipts + bad === 0) return 'No receipts.';
  const unknown =
    withoutPolicy === 0 ? '' : `; ${withoutPolicy} have no policy in ${path}, by name or by target`;
  const unread = bad === 0 ? '' : `; ${bad} could not be read`;
  const count = style(different === 0 ? 'dim' : 'bold', `${different} of ${receipts - withoutPolicy}`);
  return `${count} decisions would have been others under ${path}, ${otherSize} with another size${unknown}${unread}.`;
}
