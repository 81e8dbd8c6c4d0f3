import type { Signal } from '../../shared/core/signal.ts';
import { targetId } from '../../shared/core/target.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { aPolicy } from './a-policy.ts';
import { NOW } from './now.ts';

type SignalOf<Kind extends Signal['kind']> = Extract<Signal, { kind: Kind }>;

const base = { id: 'signal-1', target: targetId(aPolicy().target), at: NOW };

/** A tick of the sweep for `prod/web`. */
export const aSignal = (overrides: Partial<SignalOf<'sweep'>> = {}): SignalOf<'sweep'> => ({
  ...base,
  kind: 'sweep',
  ...overrides,
});

/** The scale-out alarm of `prod/web` going to ALARM. */
export const anAlarmSignal = (overrides: Partial<SignalOf<'alarm'>> = {}): SignalOf<'alarm'> => ({
  ...base,
  kind: 'alarm',
  alarm: 'plimsoll-web-cpu-out',
  state: 'ALARM',
  ...overrides,
});

/** Ada asking for 8 tasks for an hour. */
export const aManualSignal = (overrides: Partial<SignalOf<'manual'>> = {}): SignalOf<'manual'> => ({
  ...base,
  kind: 'manual',
  size: 8,
  reason: 'a load test',
  owner: 'ada',
  expiresAt: plusSeconds(NOW, 3600),
  ...overrides,
});
