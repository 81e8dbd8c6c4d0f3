import type { UnitState } from '../../shared/core/capacity.ts';

/** A unit that runs and has served since yesterday. */
export const aUnit = (id: string, overrides: Partial<UnitState> = {}): UnitState => ({
  id,
  phase: 'running',
  ready: true,
  deleting: false,
  startedSecondsAgo: 86_400,
  readyChangedSecondsAgo: 86_400,
  requests: {},
  sampleAgeSeconds: 0,
  sampleWindowSeconds: 60,
  ...overrides,
});

/** So many of them, `u0` and on. */
export const someUnits = (count: number, overrides: Partial<UnitState> = {}): readonly UnitState[] =>
  Array.from({ length: count }, (_, index) => aUnit(`u${index}`, overrides));
