import type { ResizeOrder } from '../../shared/ports/capacity-target.ts';
import { NOW } from './now.ts';

/** An order to go to a size, by a resize of the policy `web`. */
export const anOrder = (size: number, overrides: Partial<ResizeOrder> = {}): ResizeOrder => ({
  size,
  from: 2,
  resizeId: 'resize-1',
  policy: 'web',
  now: NOW,
  ...overrides,
});
