import { evaluateFormula } from '../formula.ts';
import type { MetricSpec } from '../metric.ts';
import { ceilOf } from '../rounding.ts';
import type { ExpressionStrategy } from '../strategy.ts';
import { verdictOf } from './change.ts';
import type { Proposal, Sight } from './proposal.ts';
import { blindTo, readingOf, type Unseen } from './reading.ts';

/** A size computed by a formula over several metrics. All of them must be seen: which of them matters, only the result tells. */
export function proposeExpression(strategy: ExpressionStrategy, sight: Sight): Proposal {
  const { id, label, source, formula } = strategy;
  const { size, snapshot } = sight;
  const inputs = inputsOf(strategy, sight);
  if (inputs.kind === 'missing') return blindTo(inputs.metric, inputs.reading, id);
  const { ready } = snapshot.capacity;
  const result = evaluateFormula(formula, { metrics: inputs.values, size, ready });
  if (result.kind === 'undefined') {
    const step = {
      step: 'missing',
      metric: id,
      label,
      reason: 'not-a-number',
      detail: result.detail,
    } as const;
    return { kind: 'blind', from: id, step };
  }
  const exact = result.value;
  const wish = Math.max(0, ceilOf(exact));
  return {
    kind: 'wish',
    from: id,
    wish,
    step: {
      step: 'proposal',
      strategy: 'expression',
      metric: id,
      label,
      unit: '',
      scope: 'independent',
      value: exact,
      size,
      source,
      inputs: inputs.values,
      exact,
      wish,
      verdict: verdictOf(wish, size),
      carried: null,
      outAbove: null,
    },
  };
}

type Inputs =
  | { readonly kind: 'values'; readonly values: Readonly<Record<string, number>> }
  | { readonly kind: 'missing'; readonly metric: MetricSpec; readonly reading: Unseen };

function inputsOf({ metrics }: ExpressionStrategy, sight: Sight): Inputs {
  const values: Record<string, number> = {};
  for (const metric of metrics) {
    const reading = readingOf(metric, 'independent', sight);
    if (reading.kind === 'missing') return { kind: 'missing', metric, reading };
    values[metric.id] = reading.value;
  }
  return { kind: 'values', values };
}
