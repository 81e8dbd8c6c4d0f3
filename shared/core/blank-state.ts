import type { TargetState } from './ledger-entry.ts';

/** The memory of nothing: every field that a state has, so that one written by an earlier version is completed when it is read. */
export const BLANK_STATE: TargetState = {
  size: null,
  resize: null,
  lastOut: null,
  lastIn: null,
  changed: null,
  failures: null,
  recommendations: [],
  scaleEvents: [],
  overrides: [],
  held: null,
  misses: 0,
  recovering: 0,
  scaledToZero: false,
  incident: null,
  ownedBy: null,
  quietSince: null,
  wakeAt: null,
  policy: null,
};
