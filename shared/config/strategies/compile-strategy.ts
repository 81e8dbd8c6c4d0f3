import type { Strategy } from '../../core/strategy.ts';
import type { StrategyDocument } from '../schema/strategy.ts';
import type { StrategyContext } from './context.ts';
import { compileExpression } from './expression.ts';
import { compileQueue } from './queue.ts';
import { compileStep } from './step.ts';
import { compileTargetTracking } from './target-tracking.ts';
import { compileThreshold } from './threshold.ts';

/** A strategy document as a strategy, or null when what was reported leaves none. */
export function compileStrategy(document: StrategyDocument, context: StrategyContext): Strategy | null {
  switch (document.type) {
    case 'target-tracking':
      return compileTargetTracking(document, context);
    case 'step':
      return compileStep(document, context);
    case 'threshold':
      return compileThreshold(document, context);
    case 'queue':
      return compileQueue(document, context);
    case 'expression':
      return compileExpression(document, context);
  }
}
