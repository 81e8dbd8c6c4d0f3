import { expect, it } from 'vitest';
import { GUARDS } from '../../../shared/core/guards/order.ts';

it('asks the guards in one order, each once', () => {
  expect(GUARDS.map(({ name }) => name)).toEqual([
    'pinned',
    'owned-elsewhere',
    'half-blind',
    'recovering',
    'stabilization',
    'rate',
    'one-step',
    'incident',
    'bounds',
    'would-flap',
    'paused',
    'frozen',
    'maintenance',
    'resize-in-flight',
    'limits',
    'failed-recently',
    'deployment',
    'cooldown-out',
    'cooldown-in',
    'quota',
    'change-budget',
  ]);
});
