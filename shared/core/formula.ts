/** Functions of a formula. */
export const FORMULA_FUNCTIONS = ['min', 'max', 'ceil', 'floor', 'round', 'abs'] as const;

/** A safe arithmetic expression, parsed: plain data, evaluated by {@link evaluateFormula}, never by the language. */
export type Formula =
  | { readonly op: 'number'; readonly value: number }
  /** The value of a metric of the strategy, by its id. */
  | { readonly op: 'metric'; readonly id: string }
  /** `size`: what is asked for. `ready`: the units that serve. */
  | { readonly op: 'variable'; readonly name: 'size' | 'ready' }
  | { readonly op: 'negate'; readonly of: Formula }
  | {
      readonly op: 'binary';
      readonly operator: '+' | '-' | '*' | '/' | '%' | '<' | '<=' | '>' | '>=' | '==' | '!=';
      readonly left: Formula;
      readonly right: Formula;
    }
  | { readonly op: 'if'; readonly when: Formula; readonly then: Formula; readonly otherwise: Formula }
  | {
      readonly op: 'call';
      readonly name: (typeof FORMULA_FUNCTIONS)[number];
      readonly args: readonly Formula[];
    };
