import type { ControllerEvent } from '../../shared/core/controller-event.ts';
import { instant } from '../../shared/core/time.ts';
import { aTargetId } from './a-state.ts';

/** 2026-11-21T10:00:00Z, where the tests' clocks stand unless they say otherwise. */
export const TEN_O_CLOCK = instant(Date.UTC(2026, 10, 21, 10));

/** A started resize of `prod/web` at ten o'clock; tests say only what matters to them. */
export function anEvent(overrides: Partial<ControllerEvent> = {}): ControllerEvent {
  const target = overrides.target ?? aTargetId();
  return {
    id: `${target}@1.0`,
    type: 'ScalingStarted',
    at: TEN_O_CLOCK,
    target,
    policy: 'web',
    resizeId: 'resize-1',
    decisionId: 'decision-1',
    signalId: 'signal-1',
    cause: 'policy',
    from: 4,
    to: 5,
    reason: 'CPU 83.2 % is above the target of 70 %.',
    owner: null,
    ...overrides,
  };
}
