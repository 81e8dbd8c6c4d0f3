import type { Decision, HoldReason, ProposalStep, Step, TrackingProposal } from './decision.ts';
import { plainNumber } from './plain-number.ts';

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

function sentence(step: Step): string[] {
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

function proposalSentence(step: ProposalStep): string {
  return step.strategy === 'target-tracking' ? trackingSentence(step) : step.label;
}

function trackingSentence(step: TrackingProposal): string {
  const { label, unit, value, target, ready, exact, wish, size, scope, verdict } = step;
  const at = `${label} ${plainNumber(value)}${unit}`;
  const goal = `the target of ${plainNumber(target)}${unit}${scope === 'total' ? ' a unit' : ''}`;
  const product = scope === 'average' ? `${ready} × ${plainNumber(value)}` : plainNumber(value);
  const arithmetic = `${product} / ${plainNumber(target)} = ${plainNumber(exact)}`;
  switch (verdict) {
    case 'within-tolerance':
      return `${at} is within the tolerance around ${goal}.`;
    case 'covered-by-pending':
      return `${at} is above ${goal}: ${arithmetic}, which the ${size} units asked for will carry.`;
    case 'above':
    case 'below':
      return `${at} is ${verdict} ${goal}: ${arithmetic}, so ${wish}.`;
  }
}

const CONTENT: Readonly<Partial<Record<HoldReason, string>>> = {
  'at-desired': 'is what is needed',
  'within-tolerance': 'is what is needed',
  'at-minimum': 'is the minimum',
  'at-maximum': 'is the maximum',
  blind: 'stays, because nothing can be seen',
};

function outcome(decision: Decision): string {
  if (decision.kind === 'resize') {
    return `Scale ${decision.direction} from ${decision.from} to ${decision.to}.`;
  }
  return `Hold at ${decision.size}: it ${CONTENT[decision.reason] ?? `is held (${decision.reason})`}.`;
}
