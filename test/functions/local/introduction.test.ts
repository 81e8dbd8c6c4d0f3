import { describe, expect, it } from 'vitest';
import { scaleRequest } from '../../../events/contracts/scale-request.ts';
import { hintsFor, introduction } from '../../../functions/local/introduction.ts';
import { aPolicy } from '../../support/a-policy.ts';

const URL = 'http://127.0.0.1:3006';
const policies = [
  aPolicy({ name: 'api', bounds: { min: 3, max: 40 } }),
  aPolicy({ name: 'web', target: { kind: 'ecs-service', cluster: 'prod', service: 'front' } }),
];

describe('the introduction of a run', () => {
  it('says what runs, how fast, and against which policies', () => {
    expect(introduction('a day', 60, { policies, applications: [] }, ['API here'])).toBe(
      [
        'Plimsoll replays "a day" at 60× against 2 policies:',
        '  api: ecs-service/prod/web, 3..40, 2 alarms',
        '  web: ecs-service/prod/front, 2..20, 2 alarms',
        'API here',
        '',
      ].join('\n'),
    );
    expect(introduction('a day', 60, { policies: policies.slice(0, 1), applications: [] }, [])).toContain(
      'against 1 policy:',
    );
    expect(introduction('a day', 'max', { policies: [], applications: [] }, [])).toMatch(
      /^Plimsoll replays "a day" as fast as it goes/,
    );
  });

  it('proposes a request that the API takes', () => {
    const [api, health, events, scale = ''] = hintsFor(URL, policies);
    expect([api, health]).toEqual([`API ${URL}`, `  curl ${URL}/health`]);
    expect(events).toBe(`  curl '${URL}/api/infrastructure/scaling/events?limit=5'`);
    const body: unknown = JSON.parse(/-d '(.+)'$/.exec(scale)?.[1] ?? '');
    expect(scaleRequest.parse(body)).toEqual({
      service: 'web',
      instances: 11,
      reason: 'trying it out',
      expiresIn: 1800,
    });
  });
});
