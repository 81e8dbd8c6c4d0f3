import { describe, expect, it, test } from 'vitest';
import type { MetricReading } from '../../../shared/core/capacity.ts';
import { incident } from '../../../shared/core/guards/incident.ts';
import { incidentAfter, incidentSign } from '../../../shared/core/incidents.ts';
import type { Incident } from '../../../shared/core/ledger-entry.ts';
import type { IncidentGuard } from '../../../shared/core/policy.ts';
import { plusSeconds } from '../../../shared/core/time.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { aState } from '../../support/a-state.ts';
import { aMetric, aSeries, times } from '../../support/a-strategy.ts';
import { type Circumstances, decideIn, inShort, verdictOf } from '../../support/deciding.ts';
import { NOW } from '../../support/now.ts';

const guard: IncidentGuard = {
  load: aMetric({ id: 'requests', label: 'requests', unit: '' }),
  errors: aMetric({ id: 'errors', label: 'errors', unit: ' %' }),
  drop: 0.5,
  errorsAbove: 5,
  holdSeconds: 600,
  longestHoldSeconds: 3600,
  rampPercent: 25,
  rampSeconds: 900,
};
const policy = aPolicy({ incident: guard, bounds: { min: 1, max: 20 }, cooldownSeconds: { out: 0, in: 0 } });
const usual = aSeries(400, ...times(9, 1000));
const broken = aSeries(20, ...times(9, 1));
const calm = aSeries(...times(10, 1));

const seen = (requests: MetricReading, errors: MetricReading, cpu = 20) =>
  aSnapshot({ desired: 8, metrics: { cpu, requests, errors } });

describe('the sign of an incident', () => {
  it('is a load far below its own history while errors rise', () => {
    expect(incidentSign(guard, seen(usual, broken))).toEqual({ load: 400, usual: 1000, errors: 20 });
  });

  const missing: MetricReading = { kind: 'missing', reason: 'no-data', detail: '' };
  it.each([
    { why: 'errors stay low', requests: usual, errors: calm },
    { why: 'errors are high as ever', requests: usual, errors: aSeries(...times(10, 20)) },
    { why: 'the load fell a little', requests: aSeries(501, ...times(9, 1000)), errors: broken },
    { why: 'the load was nothing before', requests: aSeries(0, ...times(9, 0)), errors: broken },
    { why: 'the load has no history', requests: aSeries(400), errors: broken },
    { why: 'the load is missing', requests: missing, errors: broken },
    { why: 'errors are missing', requests: usual, errors: missing },
  ])('is none when $why', ({ requests, errors }) => {
    expect(incidentSign(guard, seen(requests, errors))).toBeNull();
  });

  it('needs no history of errors, and takes the middle of two medians', () => {
    expect(incidentSign(guard, seen(aSeries(400, 900, 1100), aSeries(20)))).toMatchObject({ usual: 1000 });
  });

  it('takes the middle of a history in any order, and errors above the limit alone', () => {
    const jumbled = aSeries(400, 1000, 5000, 10, 900, 1100);
    expect(incidentSign(guard, seen(jumbled, broken))).toMatchObject({ usual: 1000 });
    expect(incidentSign(guard, seen(usual, aSeries(5, 1)))).toBeNull();
    expect(incidentSign(guard, seen(usual, aSeries(20, ...times(9, 20))))).toBeNull();
  });

  it('is none where neither load nor history is anything', () => {
    expect(incidentSign(guard, seen(aSeries(0, 0, 0), broken))).toBeNull();
  });

  it('lies exactly at the drop that the policy names', () => {
    expect(incidentSign(guard, seen(aSeries(500, ...times(9, 1000)), broken))).not.toBeNull();
  });
});

describe('the incident that stands', () => {
  const before: Incident = { since: plusSeconds(NOW, -300), lastSeenAt: plusSeconds(NOW, -60) };
  const standing = (state: Incident | null, snapshot = seen(usual, broken), given = policy) =>
    incidentAfter(aState({ incident: state }), given, snapshot, NOW);

  it('begins now, and lasts while it is seen', () => {
    expect(standing(null)).toEqual({ since: NOW, lastSeenAt: NOW });
    expect(standing(before)).toEqual({ since: before.since, lastSeenAt: NOW });
  });

  it('is remembered until its ramp has ended', () => {
    const seenAgo = (seconds: number): Incident => ({
      since: plusSeconds(NOW, -seconds),
      lastSeenAt: plusSeconds(NOW, -seconds),
    });
    expect(standing(seenAgo(1499), seen(usual, calm))).toEqual(seenAgo(1499));
    expect(standing(seenAgo(1500), seen(usual, calm))).toBeNull();
    expect(standing(seenAgo(1500))).toEqual({ since: NOW, lastSeenAt: NOW });
  });

  it('is none without a guard', () => {
    expect(standing(before, seen(usual, broken), aPolicy())).toBeNull();
  });
});

describe('the guard', () => {
  const holdingUntil = (given: Circumstances) =>
    verdictOf(incident, { policy, size: 8, wish: 2, snapshot: seen(usual, calm), ...given });

  it('holds scale-in, with the numbers', () => {
    expect(holdingUntil({ snapshot: seen(usual, broken) })).toMatchObject({
      effect: 'hold',
      reason: 'incident',
      until: plusSeconds(NOW, 600),
      detail: expect.stringMatching(
        /^requests fell to 400 from 1000 while errors rose to 20 %: an incident, not a quiet hour\. No scale-in until /,
      ),
    });
  });

  it('holds on after the signs have gone, and says so', () => {
    const state = aState({ incident: { since: plusSeconds(NOW, -120), lastSeenAt: plusSeconds(NOW, -60) } });
    expect(holdingUntil({ state })).toMatchObject({
      effect: 'hold',
      until: plusSeconds(NOW, 540),
      detail: expect.stringMatching(/^The load fell while errors rose\. No scale-in until /),
    });
  });

  it('holds no longer than the policy allows, however long the signs last', () => {
    const state = aState({ incident: { since: plusSeconds(NOW, -3600), lastSeenAt: NOW } });
    expect(holdingUntil({ state, snapshot: seen(usual, broken) })).toMatchObject({ effect: 'amend', to: 6 });
  });

  const ramping = aState({
    incident: { since: plusSeconds(NOW, -700), lastSeenAt: plusSeconds(NOW, -600) },
  });

  it('then gives capacity back in steps', () => {
    expect(holdingUntil({ state: ramping })).toMatchObject({
      effect: 'amend',
      to: 6,
      reason: 'incident',
      until: plusSeconds(NOW, 900),
      detail: expect.stringMatching(/^After the incident at most 2 of 8 go at once until .*, so 6, not 2\.$/),
    });
  });

  it('lets a smaller step and every scale-out pass', () => {
    expect(verdictOf(incident, { policy, state: ramping, size: 8, wish: 6 }).effect).toBe('pass');
    expect(verdictOf(incident, { policy, state: ramping, size: 8, wish: 9 }).effect).toBe('pass');
  });

  it('takes one unit at least', () => {
    expect(verdictOf(incident, { policy, state: ramping, size: 3, wish: 1 })).toMatchObject({ to: 2 });
  });

  it('has nothing to say without an incident or a guard', () => {
    expect(holdingUntil({}).effect).toBe('pass');
    expect(verdictOf(incident, { policy: aPolicy(), size: 8, wish: 2 }).effect).toBe('pass');
  });
});

test('a decision holds what a collapsed load would cut', () => {
  expect(inShort(decideIn({ policy, snapshot: seen(usual, broken) }))).toBe('hold at 8: incident');
  expect(inShort(decideIn({ policy, snapshot: seen(usual, calm) }))).toBe('8 -> 3');
});
