import { alarmStateChange } from '../../events/contracts/alarm-state-change.ts';
import { ControllerError } from '../../shared/core/controller-error.ts';
import { targetId } from '../../shared/core/target.ts';
import { instant } from '../../shared/core/time.ts';
import type { ControllerDeps } from '../../shared/usecases/deps.ts';
import { handleSignal } from '../../shared/usecases/handle-signal.ts';
import type { Job } from './in-groups.ts';
import { parseOrThrow } from './parse.ts';

/**
 * What an alarm that changed its state asks for: a look at the target of every policy that it wakes.
 * @throws ControllerError `invalid` when it is no such event, or when no policy knows the alarm.
 */
export function wakeTargets(deps: ControllerDeps, body: unknown): readonly Job[] {
  const event = parseOrThrow(alarmStateChange, body, 'alarm event');
  const { alarmName: alarm, state } = event.detail;
  const policies = deps.policies.forAlarm(alarm);
  if (policies.length === 0) {
    const message = `alarm event: detail.alarmName is ${JSON.stringify(alarm)}, which no policy knows; deploy its policy, list it under wakeOnAlarms, or delete the alarm`;
    throw new ControllerError('invalid', message, { retryable: false });
  }
  // The change of the state is what a resize is measured from, not our turn to read about it.
  const at = instant(Math.min(state.timestamp, deps.clock.now()));
  return policies.map((policy) => {
    const target = targetId(policy.target);
    const signal = { kind: 'alarm', id: event.id, target, at, alarm, state: state.value } as const;
    return {
      key: target,
      run: async () => {
        await handleSignal(deps, signal);
      },
    };
  });
}
