import type {
  ExpressionProposal,
  ProposalStep,
  QueueProposal,
  ScheduleProposal,
  StepProposal,
  ThresholdProposal,
  TrackingProposal,
} from './decision.ts';
import { plainNumber } from './plain-number.ts';
import { timeOfDay } from './time.ts';

/** What a strategy proposed and why, in one plain sentence. */
export function proposalSentence(step: ProposalStep): string {
  switch (step.strategy) {
    case 'target-tracking':
      return trackingSentence(step);
    case 'step':
      return stepSentence(step);
    case 'threshold':
      return thresholdSentence(step);
    case 'queue':
      return queueSentence(step);
    case 'expression':
      return expressionSentence(step);
    case 'schedule':
      return scheduleSentence(step);
  }
}

function trackingSentence(step: TrackingProposal): string {
  const { unit, value, target, ready, exact, wish, size, scope, verdict } = step;
  const at = seen(step);
  const goal = `the target of ${plainNumber(target)}${unit}${scope === 'total' ? ' a unit' : ''}`;
  if (step.activation !== undefined) {
    return `${at} is not above the activation of ${plainNumber(step.activation)}${unit}, so 0.`;
  }
  const product = scope === 'average' ? `${ready} × ${plainNumber(value)}` : plainNumber(value);
  const arithmetic = `${product} / ${plainNumber(target)} = ${plainNumber(exact)}`;
  if (step.units !== null) return `${at} ${unitsSentence(step, step.units, goal, arithmetic)}`;
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

function unitsSentence(
  { wish, size, ready, exact, verdict, scope }: TrackingProposal,
  units: NonNullable<TrackingProposal['units']>,
  goal: string,
  division: string,
): string {
  const others = [
    [units.unready, 'not ready'],
    [units.missing, 'without a sample'],
    [units.ignored, 'left out'],
  ] as const;
  const named = others.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  const counts = [`${units.ready} ready`, ...named].join(', ');
  const ratio = plainNumber(units.ratio);
  if (verdict !== 'within-tolerance') {
    const product = `${ratio} × ${ready} = ${plainNumber(exact)}`;
    return `(${counts}) is ${verdict} ${goal}: ${scope === 'total' ? division : product}, so ${wish}.`;
  }
  return wish === size
    ? `(${counts}) asks for no change: the ratio to ${goal} is ${ratio}.`
    : `(${counts}) is within the tolerance around ${goal}, so the ${wish} units that run.`;
}

function stepSentence(step: StepProposal): string {
  const { unit, value, threshold, adjustment, wish, size } = step;
  if (threshold === null || adjustment === null) return `${seen(step)} is in no step, so nothing changes.`;
  const difference = plainNumber(Math.abs(value - threshold));
  const where = value === threshold ? 'at' : `${difference} ${value > threshold ? 'above' : 'below'}`;
  const rule = adjustmentText(step.adjustmentType, adjustment);
  const effect = wish === size ? `which leaves ${size}` : `so ${wish}`;
  return `${seen(step)} is ${where} the threshold of ${plainNumber(threshold)}${unit}: the step there is ${rule}, ${effect}.`;
}

function adjustmentText(type: StepProposal['adjustmentType'], adjustment: number): string {
  if (type === 'ExactCapacity') return `exactly ${adjustment}`;
  const signed = adjustment > 0 ? `+${plainNumber(adjustment)}` : plainNumber(adjustment);
  return type === 'PercentChangeInCapacity' ? `${signed} %` : signed;
}

function thresholdSentence(step: ThresholdProposal): string {
  const { label, unit, side, threshold, forSeconds, sustainedSeconds, change, verdict, wish, size } = step;
  if (side === null || threshold === null || change === null) return `${seen(step)} is beyond no threshold.`;
  const limit = `${side === 'out' ? 'above' : 'below'} ${plainNumber(threshold)}${unit}`;
  if (verdict === 'within-tolerance') {
    return `${seen(step)} is ${limit}, for ${sustainedSeconds} s of ${forSeconds} s so far.`;
  }
  const lasted =
    forSeconds === 0 ? `${seen(step)} is ${limit}` : `${label} has been ${limit} for ${forSeconds} s`;
  const met = wish === size ? `which the size of ${size} already meets` : `so ${wish}`;
  return `${lasted}: ${changeText(change, side)}, ${met}.`;
}

function changeText({ kind, value }: NonNullable<ThresholdProposal['change']>, side: 'out' | 'in'): string {
  if (kind === 'exact') return `exactly ${value}`;
  return `${plainNumber(value)}${kind === 'percent' ? ' %' : ''} ${side === 'out' ? 'more' : 'less'}`;
}

function queueSentence(step: QueueProposal): string {
  const { value, perWorker, exact, size, wish } = step;
  const division =
    perWorker === null || exact === null
      ? seen(step)
      : `${seen(step)} at ${plainNumber(perWorker)} a worker: ${plainNumber(value)} / ${plainNumber(perWorker)} = ${plainNumber(exact)}`;
  switch (step.because) {
    case 'backlog':
      return `${division}, so ${wish}.`;
    case 'activation':
      return wish === 0
        ? `${seen(step)} is not above the activation, so 0.`
        : `${seen(step)} is above the activation, so ${wish}.`;
    case 'memory-high':
      return `${division}, but memory ${memoryText(step)} is high, ${wish === size ? 'and one more is on its way' : `so one more: ${wish}`}.`;
    case 'memory-shared':
      return `${division}, but fewer than ${wish} would have too little memory, so ${wish}.`;
    case 'not-idle-yet':
      return `${division}, but the queue has not been idle for long enough, so it stays at ${size}.`;
    case 'memory-not-low':
      return `${division}, but memory ${memoryText(step)}, so it stays at ${size}.`;
  }
}

const memoryText = ({ memory, because }: QueueProposal): string => {
  if (memory === null) return 'is missing';
  return because === 'memory-high' ? plainNumber(memory) : `${plainNumber(memory)} is not low`;
};

function expressionSentence({ label, source, inputs, exact, wish }: ExpressionProposal): string {
  const values = Object.entries(inputs).map(([id, value]) => `${id} = ${plainNumber(value)}`);
  const given = values.length === 0 ? '' : ` with ${values.join(', ')}`;
  return `${label}: ${source}${given} is ${plainNumber(exact)}, so ${wish}.`;
}

function scheduleSentence({ window, wish, until }: ScheduleProposal): string {
  return `The window ${window} wants ${wish}${until === null ? '' : ` until ${timeOfDay(until)}`}.`;
}

const seen = ({ label, unit, value }: Pick<ProposalStep, 'label' | 'unit' | 'value'>): string =>
  `${label} ${plainNumber(value)}${unit}`;
