import { describe, expect, it } from 'vitest';
import { cronerCalendar } from '../../shared/adapters/calendar/croner-calendar.ts';
import { decide } from '../../shared/core/decide.ts';
import type { Policy } from '../../shared/core/policy.ts';
import type { Receipt } from '../../shared/core/receipt.ts';
import { axesOf, wereTheyAverages } from '../../shared/verification/axes.ts';
import { pathOf } from '../../shared/verification/finding.ts';
import { Lab } from '../../shared/verification/lab.ts';
import { verifyPolicy } from '../../shared/verification/verify-policy.ts';
import { aDocument, policyOf } from '../support/a-document.ts';
import { NOW } from '../support/now.ts';

const formula = (desired: string, spec: Readonly<Record<string, string>> = {}): Policy =>
  policyOf(
    aDocument({
      strategies: `[ { type: expression, desired: "(${desired}) + 0 * queue", metrics: [ { preset: queue-length, queueName: q, id: queue } ] } ]`,
      ...spec,
    }),
  );

/** Swings between 2, 4 and 6 whatever the load. */
const THREE = 'size == 2 ? 4 : size == 4 ? 6 : 2';

const flappingOf = (policy: Policy) =>
  verifyPolicy(policy, cronerCalendar(), NOW).findings.filter(({ check }) => check === 'flapping');

const receiptsOf = (policy: Policy): readonly Receipt[] => flappingOf(policy)[0]?.receipts ?? [];

describe('a counter-example', () => {
  it('is as long as the cycle, and no longer', () => {
    const receipts = receiptsOf(formula(THREE));
    expect(pathOf(receipts)).toBe('2 → 4 → 6 → 2');
    expect(receipts).toHaveLength(3);
  });

  it('is minimal: no size under any load comes back in fewer resizes', () => {
    const lab = new Lab(formula(THREE), NOW);
    const next = (size: number, load: number) => {
      const decision = lab.decide({ size, axes: axesOf(lab.policy), loads: [load] });
      return decision.kind === 'resize' ? decision.to : size;
    };
    for (let size = 2; size <= 20; size += 1)
      for (let load = 0; load <= 2000; load += 50) {
        const then = next(size, load);
        expect(then === size || next(then, load) !== size, `${size} under ${load}`).toBe(true);
      }
  });

  it('is the shortest of several, and of those the one with the smallest sizes', () => {
    const both = formula(
      `queue > 500 ? (${THREE}) : queue > 100 ? (size == 12 ? 11 : 12) : size == 9 ? 8 : 9`,
    );
    expect(pathOf(receiptsOf(both))).toBe('8 → 9 → 8');
  });

  it('is what the real decision does, one decision after the other, with what was remembered in between', () => {
    const receipts = receiptsOf(formula(THREE));
    for (const [index, { policy, snapshot, state, signal, now, decision }] of receipts.entries()) {
      expect(JSON.stringify(decide(policy, snapshot, state, signal, now))).toBe(JSON.stringify(decision));
      const before = receipts[index - 1];
      if (before?.decision.kind !== 'resize') continue;
      expect(snapshot.capacity.desired).toBe(before.decision.to);
      expect(state.changed).toMatchObject({ from: before.decision.from, to: before.decision.to });
      expect(now).toBeGreaterThan(before.now);
    }
  });

  it('goes through a size of zero that is automation’s own, where Kubernetes would leave that of somebody else', () => {
    const policy = {
      ...formula('size == 0 ? 1 : 0'),
      bounds: { min: 0, max: 5 },
      atZero: 'kubernetes',
    } as const;
    expect(pathOf(receiptsOf(policy))).toBe('0 → 1 → 0');
  });

  it('waits for cooldowns, windows and rates, so that it is found behind a behavior block too', () => {
    const behavior =
      '{ scaleUp: { stabilizationWindowSeconds: 120, policies: [ { type: Pods, value: 20, periodSeconds: 600 } ] }, scaleDown: { stabilizationWindowSeconds: 900 } }';
    const receipts = receiptsOf(
      formula(THREE, { behavior, cooldowns: '{ outSeconds: 300, inSeconds: 1200 }' }),
    );
    expect(pathOf(receipts)).toBe('2 → 4 → 6 → 2');
    const [first, second] = receipts;
    expect((second?.now ?? 0) - (first?.now ?? 0)).toBeGreaterThan(1_200_000);
    // Every earlier wish is on record, and has left its window.
    expect(second?.state.recommendations.map(({ wish }) => wish)).toContain(6);
    expect(second?.state.scaleEvents).toHaveLength(1);
  });

  it('has a policy of three in a row made up of it, and none of a size that comes to rest', () => {
    const lab = new Lab(formula(THREE), NOW);
    const situation = { size: 4, axes: axesOf(lab.policy), loads: [0] };
    expect(pathOf(lab.follow(situation, 7))).toBe('4 → 6 → 2 → 4 → 6 → 2 → 4 → 6');
    const still = new Lab(formula('7'), NOW);
    expect(pathOf(still.follow({ ...situation, size: 4 }, 7))).toBe('4 → 7');
    expect(flappingOf(still.policy)).toEqual([]);
  });
});

describe('the step method of another autoscaler, with its defaults', () => {
  const strategy =
    '{ type: step, adjustmentType: ChangeInCapacity, metric: { id: load, label: load, unit: "%", namespace: A, name: U, dimensions: { C: p }, stat: Average },' +
    ' scaleOut: { threshold: 70, steps: [ { metricIntervalLowerBound: 0, metricIntervalUpperBound: 20, scalingAdjustment: 2 }, { metricIntervalLowerBound: 20, scalingAdjustment: 5 } ] },' +
    ' scaleIn: { threshold: 60, steps: [ { metricIntervalUpperBound: 0, scalingAdjustment: -2 } ] } }';
  const policyWith = (given: string) =>
    policyOf(aDocument({ strategies: `[ ${given} ]`, bounds: '{ min: 2, max: 20 }' }));

  it('bounces 4 → 2 → 7 → 5 → 3 under a constant load that is worth two full nodes', () => {
    const lab = new Lab(policyWith(strategy), NOW);
    const axes = wereTheyAverages(lab.policy, axesOf(lab.policy)) ?? [];
    expect(pathOf(lab.follow({ size: 4, axes, loads: [200] }, 10))).toBe('4 → 2 → 7 → 5 → 3');
  });

  it('never rests under some other load, which is found', () => {
    expect(flappingOf(policyWith(strategy))).toMatchObject([{ severity: 'error' }]);
    expect(pathOf(receiptsOf(policyWith(strategy)))).toBe('2 → 4 → 2');
  });

  it('is held where the metric is said to be an average over units', () => {
    const averaged = policyWith(strategy.replace('{ type: step,', '{ type: step, scope: average,'));
    expect(flappingOf(averaged)).toEqual([]);
  });
});
