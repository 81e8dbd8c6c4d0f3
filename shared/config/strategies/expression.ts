import { FORMULA_FUNCTIONS } from '../../core/formula.ts';
import type { ExpressionStrategy } from '../../core/strategy.ts';
import { parseFormula } from '../formula.ts';
import { quote } from '../problem.ts';
import type { StrategyOf } from '../schema/strategy.ts';
import { type StrategyContext, strategyMetric } from './context.ts';

const RESERVED: readonly string[] = ['size', 'ready', ...FORMULA_FUNCTIONS];

/** An expression document as a strategy, or null after reporting a formula that cannot be computed. */
export function compileExpression(
  document: StrategyOf<'expression'>,
  context: StrategyContext,
): ExpressionStrategy | null {
  const { path, report } = context;
  const metrics = document.metrics.map((metric, index) =>
    strategyMetric(metric, ['metrics', index], context),
  );
  for (const [index, { id }] of metrics.entries()) {
    if (!RESERVED.includes(id)) continue;
    report([...path, 'metrics', index, 'id'], `${quote(id)} is a word of formulas (choose another id)`);
  }
  const ids = metrics.map(({ id }) => id);
  const formula = parseFormula(document.desired, ids, [...path, 'desired'], report);
  const id = document.id ?? 'formula';
  return (
    formula && {
      kind: 'expression',
      id,
      label: document.label ?? 'the formula',
      metrics,
      source: document.desired,
      formula,
    }
  );
}
