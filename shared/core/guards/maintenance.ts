import { isVertical } from '../target.ts';
import { type Guard, PASS } from './guard.ts';

/** Another size of unit interrupts what runs: unless the policy says otherwise, only while a maintenance window is open. */
export const maintenance: Guard = {
  name: 'maintenance',
  judges: ['policy', 'schedule', 'fallback', 'bounds', 'override', 'plan'],
  check: ({ policy, snapshot }) => {
    if (!isVertical(policy.target) || policy.target.immediate) return PASS;
    const windows = policy.schedule?.windows ?? [];
    const isOpen = snapshot.schedule.open.some(({ name }) =>
      windows.some((window) => window.name === name && window.maintenance),
    );
    if (isOpen) return PASS;
    return {
      effect: 'hold',
      reason: 'outside-maintenance',
      until: snapshot.schedule.changesAt,
      detail: 'It is changed only while a maintenance window of its schedule is open.',
    };
  },
};
