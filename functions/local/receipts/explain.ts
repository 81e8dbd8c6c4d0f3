import { type Explanation, explainReceipt, type GuardWord } from '../../../shared/core/explain-receipt.ts';
import type { Receipt } from '../../../shared/core/receipt.ts';
import { targetId } from '../../../shared/core/target.ts';
import type { ReceiptOptions } from './options.ts';
import { type Paper, when, wrapped } from './paper.ts';
import { pick } from './pick.ts';

const MARGIN = 12;

/** Explains one decision. Exit code 1 where a line of the source was no receipt. */
export async function runExplain(options: ReceiptOptions, paper: Paper): Promise<number> {
  const { receipt, bad } = await pick(options, paper);
  const explanation = explainReceipt(receipt);
  if (options.json)
    paper.line(JSON.stringify({ ...namesOf(receipt), ...explanation, decision: receipt.decision }));
  else for (const line of page(receipt, explanation, paper)) paper.line(line);
  return bad === 0 ? 0 : 1;
}

/** What names a decision in JSON. */
export const namesOf = ({ id, now, policy }: Receipt) => ({
  id,
  time: new Date(now).toISOString(),
  policy: policy.name,
  target: targetId(policy.target),
});

/** The lines that head what is said of a decision. */
export function heading(
  { id, now, policy, decision }: Receipt,
  headline: string,
  { style }: Paper,
): readonly string[] {
  const colour = decision.kind === 'resize' ? 'green' : 'yellow';
  return [
    `${style('bold', policy.name)}  ${style(colour, headline)}`,
    style('dim', `${when(now)} UTC · ${targetId(policy.target)} · decision ${id}`),
  ];
}

function page(receipt: Receipt, explanation: Explanation, paper: Paper): readonly string[] {
  const { headline, asked, seen, proposals, guards, cooldowns, inForce, outcome } = explanation;
  const paragraphs = (title: string, texts: readonly string[]) =>
    texts.flatMap((text, index) => paragraph(index === 0 ? title : '', text, paper));
  return [
    ...heading(receipt, headline, paper),
    '',
    ...paragraphs('asked', [asked]),
    ...paragraphs('seen', [seen]),
    ...paragraphs('wish', proposals),
    ...guards.flatMap((guard) => paragraph(guard.kind, wordOf(guard), paper)),
    ...paragraphs('cooldown', cooldowns),
    ...paragraphs('in force', inForce),
    ...paragraphs('outcome', [outcome]),
  ];
}

const wordOf = ({ kind, guard, from, to, text }: GuardWord): string =>
  kind === 'clamp' ? `${from} → ${to} by ${guard}: ${text}` : `by ${guard}: ${text}`;

function paragraph(title: string, text: string, { style, width }: Paper): readonly string[] {
  return wrapped(text, width - MARGIN).map((line, index) => {
    const first = index === 0 ? title : '';
    return `  ${style(titleStyle(title), first.padEnd(MARGIN - 2))}${line}`;
  });
}

const titleStyle = (title: string) => (title === 'veto' ? 'red' : title === 'clamp' ? 'yellow' : 'cyan');
