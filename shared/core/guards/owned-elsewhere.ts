import { type Guard, PASS } from './guard.ts';

/** Two autoscalers on one size fight without end, so automation rests until the other one lets go. An operator may still act. */
export const ownedElsewhere: Guard = {
  name: 'owned-elsewhere',
  judges: ['policy', 'schedule', 'fallback', 'bounds', 'plan'],
  check: ({ state: { ownedBy } }) =>
    ownedBy === null
      ? PASS
      : {
          effect: 'hold',
          reason: 'owned-elsewhere',
          until: null,
          detail: `Somebody else scales this target: ${ownedBy}.`,
        },
};
