import type { Decision, HoldReason, Step } from './decision.ts';
import { proposalSentence } from './proposal-sentence.ts';

/** A decision in plain sentences: every proposal with its arithmetic, every guard that spoke, and the outcome. */
export function explain(decision: Decision): string {
  const sentences = decision.trace.flatMap(sentence);
  return [...sentences, outcome(decision)].join(' ');
}

/** The sentence that matters most: what held or limited the decision, or the arithmetic that led to it. */
export function explainBriefly(decision: Decision): string {
  const guards = decision.trace.filter((step) => step.step === 'guard');
  const proposals = decision.trace.filter((step) => step.step === 'proposal');
  const merge = decision.trace.find((step) => step.step === 'merge');
  const winner = proposals.find((step) => merge?.step === 'merge' && step.metric === merge.from);
  const others = decision.trace.filter(({ step }) => step === 'request' || step === 'missing');
  const said = [...(winner === undefined ? others : [winner]), ...guards];
  return said.flatMap(sentence).join(' ') || outcome(decision);
}

/** What a step of the trace says; nothing for one that only counts. */
export function sentence(step: Step): string[] {
  switch (step.step) {
    case 'proposal':
      return [proposalSentence(step)];
    case 'missing':
      return [`${step.label} is missing (${step.reason}: ${step.detail}).`];
    case 'merge':
      return step.blind.length > 0 && step.wish === null ? ['No metric can be seen.'] : [];
    case 'request':
    case 'guard':
      return [step.detail];
  }
}

const CONTENT: Readonly<Partial<Record<HoldReason, string>>> = {
  'at-desired': 'is what is needed',
  'within-tolerance': 'is what is needed',
  'at-minimum': 'is the minimum',
  'at-maximum': 'is the maximum',
  blind: 'stays, because nothing can be seen',
  'stopped-at-zero': 'stays, because automation did not stop it',
};

/** What is done, in a sentence. */
export function outcome(decision: Decision): string {
  if (decision.kind === 'resize') {
    return `Scale ${decision.direction} from ${decision.from} to ${decision.to}.`;
  }
  return `Hold at ${decision.size}: it ${CONTENT[decision.reason] ?? `is held (${decision.reason})`}.`;
}
