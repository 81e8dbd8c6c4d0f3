import { describe, expect, it } from 'vitest';
import { staticPolicies } from '../../../shared/adapters/memory/static-policies.ts';
import { targetId } from '../../../shared/core/target.ts';
import { aPolicy } from '../../support/a-policy.ts';

const web = aPolicy({ wakeOnAlarms: ['overload'] });
const api = aPolicy({
  name: 'api',
  target: { kind: 'ecs-service', cluster: 'prod', service: 'api' },
  wakeOnAlarms: ['overload', 'plimsoll-web-cpu-out'],
});
const source = staticPolicies([web, api]);

describe('a static set of policies', () => {
  it('finds a policy by its target', () => {
    expect(source.all()).toEqual([web, api]);
    expect(source.forTarget(targetId(api.target))).toBe(api);
    expect(source.forTarget(targetId({ kind: 'ecs-service', cluster: 'x', service: 'api' }))).toBeNull();
  });

  it('finds the policies that an alarm wakes: its own and those that list it', () => {
    expect(source.forAlarm('plimsoll-api-cpu-in')).toEqual([api]);
    expect(source.forAlarm('plimsoll-web-cpu-out')).toEqual([web, api]);
    expect(source.forAlarm('overload')).toEqual([web, api]);
    expect(source.forAlarm('somebody-elses')).toEqual([]);
  });
});
