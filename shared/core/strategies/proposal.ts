import type { Step } from '../decision.ts';

/** What one strategy says about the size. `blind` cannot speak: its metric is missing. */
export type Proposal =
  | { readonly kind: 'wish'; readonly from: string; readonly wish: number; readonly step: Step }
  | { readonly kind: 'blind'; readonly from: string; readonly step: Step };
