import { describe, expect, it } from 'vitest';
import { decide } from '../../shared/core/decide.ts';
import { type Decision, HOLD_REASONS, type HoldReason } from '../../shared/core/decision.ts';
import { effectiveBounds } from '../../shared/core/effective-bounds.ts';
import { explain, explainBriefly } from '../../shared/core/explain.ts';
import { isUnmet, observe, rawWish } from '../../shared/core/observe.ts';
import { activeOf } from '../../shared/core/overrides.ts';
import { isSameState } from '../../shared/core/same-state.ts';
import { proposeTargetTracking } from '../../shared/core/strategies/target-tracking.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import { accept, begin, complete } from '../../shared/core/transitions.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aCeiling, aFloor, aPause, aPin, aResize, aState } from '../support/a-state.ts';
import { anyCircumstances, anyPolicy } from '../support/arbitraries.ts';
import { type Circumstances, circumstances, decideIn } from '../support/deciding.ts';
import { fc } from '../support/fast-check.ts';
import { NOW } from '../support/now.ts';

const RUNS = { numRuns: 10_000 };

/** Freezes a value through and through, so that any write to it throws. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) deepFreeze(each);
  }
  return value;
}

type Resizing = Extract<Decision, { kind: 'resize' }>;

/** Holds that no load ends: who ends them wakes the target. The pass over the owners sees when another one lets go. */
const WAITS_FOR_SOMEBODY: readonly HoldReason[] = ['paused', 'direction-disabled', 'owned-elsewhere'];

const remember = (given: Circumstances) => {
  const { policy, snapshot, state, signal, now } = circumstances(given);
  return observe(state, policy, snapshot, decideIn(given), signal, now);
};

/**
 * Where a resize may go another way than its wish: without a behavior block the highest wish of five minutes is applied,
 * so it climbs on after a spike; and a fallback or a pin outside the bounds is bent into them.
 */
const isBentElsewhere = (
  { policy }: Required<Circumstances>,
  { cause, from, limitedBy }: Resizing,
): boolean =>
  policy.behavior.kind === 'implicit' ||
  // Coming back from its own zero a HorizontalPodAutoscaler takes its minimum at least.
  (policy.atZero === 'kubernetes' && from === 0) ||
  (cause !== 'policy' && (limitedBy === 'at-minimum' || limitedBy === 'at-maximum'));

describe('whatever the policy, the resource, the past and the signal are', () => {
  it('a resize ends inside the bounds, at a whole number', () => {
    fc.assert(
      fc.property(anyCircumstances, (given) => {
        const decision = decideIn(given);
        if (decision.kind === 'hold') return;
        const { min, max } = given.policy.bounds;
        const forced = activeOf(given.state.overrides, 'floor', given.now).filter(({ force }) => force);
        expect(decision.to).toBeGreaterThanOrEqual(min);
        expect(decision.to).toBeLessThanOrEqual(Math.max(max, ...forced.map((floor) => floor.size)));
        expect(Number.isInteger(decision.to)).toBe(true);
        expect(decision.to).not.toBe(decision.from);
        expect(decision.direction).toBe(decision.to > decision.from ? 'out' : 'in');
      }),
      RUNS,
    );
  });

  it('a resize goes the way of the wish, never the other', () => {
    fc.assert(
      fc.property(anyCircumstances, (given) => {
        const decision = decideIn(given);
        if (decision.kind === 'hold' || decision.wish === null) return;
        if (isBentElsewhere(given, decision)) return;
        expect(Math.sign(decision.wish - decision.from)).toBe(Math.sign(decision.to - decision.from));
        if (decision.cause !== 'policy') return;
        expect(Math.abs(decision.to - decision.from)).toBeLessThanOrEqual(
          Math.abs(decision.wish - decision.from),
        );
      }),
      RUNS,
    );
  });

  it('the same arguments give the same decision, and none of them is written to', () => {
    fc.assert(
      fc.property(anyCircumstances, (given) => {
        const { policy, snapshot, state, signal, now } = deepFreeze(given);
        const once = deepFreeze(decide(policy, snapshot, state, signal, now));
        const copies = structuredClone([policy, snapshot, state, signal] as const);
        expect(decide(...copies, now)).toEqual(once);
        expect(observe(...([state, policy, snapshot] as const), once, signal, now)).toEqual(
          observe(copies[2], copies[0], copies[1], once, copies[3], now),
        );
      }),
      RUNS,
    );
  });

  it('scale-in by policy never happens while a metric is missing', () => {
    fc.assert(
      fc.property(anyCircumstances, (given) => {
        const decision = decideIn(given);
        if (decision.kind === 'hold' || decision.cause !== 'policy' || decision.direction === 'out') return;
        expect(decision.trace.filter(({ step }) => step === 'missing')).toEqual([]);
        expect(given.snapshot.deployment).toBe('none');
        expect(given.state.resize).toBeNull();
      }),
      RUNS,
    );
  });

  it('a hold has a reason of the list, and every decision has its sentences', () => {
    fc.assert(
      fc.property(anyCircumstances, (given) => {
        const decision = decideIn(given);
        if (decision.kind === 'hold') expect(HOLD_REASONS).toContain(decision.reason);
        for (const text of [explain(decision), explainBriefly(decision)]) {
          expect(text).toMatch(/\.$/);
          expect(text).not.toMatch(/undefined|\[object/);
        }
      }),
      RUNS,
    );
  });

  it('an override that has expired has no effect', () => {
    fc.assert(
      fc.property(anyCircumstances, fc.nat({ max: 100 }), fc.nat({ max: 25 }), (given, seconds, size) => {
        const without = { ...given.state, overrides: [] };
        const expiresAt = plusSeconds(NOW, -seconds);
        const expired = [
          aPin({ size, expiresAt }),
          aFloor({ size, force: true, expiresAt }),
          aCeiling({ size, expiresAt }),
          aPause({ expiresAt }),
        ];
        const decision = decideIn({ ...given, state: without });
        expect(decideIn({ ...given, state: { ...without, overrides: expired } })).toEqual(decision);
        expect(remember({ ...given, state: { ...without, overrides: expired } })).toEqual(
          remember({ ...given, state: without }),
        );
      }),
      RUNS,
    );
  });

  it('a resize in flight is left alone but for a larger scale-out', () => {
    fc.assert(
      fc.property(anyCircumstances, (given) => {
        const { resize } = given.state;
        const decision = decideIn(given);
        if (resize === null || decision.kind === 'hold') return;
        expect(resize.to).toBeGreaterThan(resize.from);
        expect(decision.from).toBe(resize.to);
        expect(decision.to).toBeGreaterThan(resize.to);
        expect(() => begin(given.state, aResize({ from: decision.from, to: decision.to }))).not.toThrow();
      }),
      RUNS,
    );
  });
});

describe('what is remembered', () => {
  it('is the same when the same is seen again at once: nothing is written', () => {
    fc.assert(
      fc.property(anyCircumstances, (given) => {
        if (given.signal.kind === 'manual') return;
        // Counting towards a fallback is news each time until it is reached.
        const policy = { ...given.policy, fallback: null };
        const once = remember({ ...given, policy });
        const steady = { ...given, policy, state: once };
        if (decideIn(steady).kind === 'resize') return;
        expect(remember(steady)).toEqual(once);
        expect(isSameState(remember(steady), once)).toBe(true);
      }),
      RUNS,
    );
  });

  it('does not change while a steady target is asked each minute, but for going to sleep once', () => {
    fc.assert(
      fc.property(anyPolicy, fc.nat({ max: 25 }), fc.nat({ max: 200 }), (policy, desired, cpu) => {
        const steady = { ...policy, fallback: null };
        const metrics = { cpu, memory: cpu, requests: cpu };
        const states = [aState({ size: desired })];
        for (let minute = 0; minute < 12; minute += 1) {
          const now = plusSeconds(NOW, minute * 60);
          const snapshot = aSnapshot({ desired, metrics, at: now });
          const given = { policy: steady, snapshot, state: states.at(-1) ?? aState(), now };
          if (decideIn(given).kind === 'resize') return;
          states.push(remember(given));
        }
        const writes = states.slice(1).filter((state, index) => !isSameState(state, states[index] ?? state));
        expect(writes.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps a target awake, or names a time, while a wish above its size is unmet below the maximum', () => {
    fc.assert(
      fc.property(anyCircumstances, (given) => {
        const decision = decideIn(given);
        if (decision.kind === 'resize' || !isUnmet(decision)) return;
        const wish = rawWish(decision);
        if (wish === null || wish <= decision.size || WAITS_FOR_SOMEBODY.includes(decision.reason)) return;
        // At its maximum, a window's or an operator's included, a target waits for that to change, whatever binds first.
        const { policy, snapshot, state, now } = circumstances(given);
        if (decision.size >= effectiveBounds(policy, snapshot, state, now).max) return;
        expect(remember(given).wakeAt).not.toBeNull();
      }),
      RUNS,
    );
  });
});

/** The sizes of twelve minutes under a load of so many units: what so many carry when the metric is on its target. */
function underConstantLoad(units: number, start: number, scope: 'average' | 'total'): readonly number[] {
  const policy = aPolicy({
    bounds: { min: 1, max: 20 },
    strategies: [aTargetTracking({ scope })],
    cooldownSeconds: { out: 0, in: 0 },
  });
  const sizes = [start];
  let size = start;
  let state = aState({ size });
  for (let minute = 0; minute < 12; minute += 1) {
    const now = plusSeconds(NOW, minute * 60);
    const cpu = (units * 70) / (scope === 'average' ? size : 1);
    const given = { policy, state, snapshot: aSnapshot({ desired: size, metrics: { cpu }, at: now }), now };
    const decision = decideIn(given);
    state = remember(given);
    if (decision.kind === 'resize') {
      state = begin(state, aResize({ from: size, to: decision.to, startedAt: now, acceptedAt: null }));
      state = complete(accept(state, 'resize-1', policy, now), 'resize-1', now);
      size = decision.to;
    }
    sizes.push(size);
  }
  return sizes;
}

describe('target tracking', () => {
  const strategy = fc
    .record({
      target: fc.double({ min: 0.01, max: 1000, noNaN: true }),
      scope: fc.constantFrom('average' as const, 'total' as const),
      tolerance: fc.record({
        out: fc.double({ min: 0, max: 1, noNaN: true }),
        in: fc.double({ min: 0, max: 0.99, noNaN: true }),
      }),
    })
    .map(aTargetTracking);
  const load = fc.double({ min: 0, max: 1e6, noNaN: true });

  it('never wishes for less under a higher load', () => {
    fc.assert(
      fc.property(
        strategy,
        load,
        load,
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 100 }),
        (given, one, other, desired, running) => {
          const [low, high] = [Math.min(one, other), Math.max(one, other)].map((value) => {
            const snapshot = aSnapshot({ desired, running, metrics: { cpu: value } });
            const proposal = proposeTargetTracking(given, {
              snapshot,
              state: aState(),
              size: desired,
              min: 1,
              now: NOW,
            });
            return proposal.kind === 'wish' ? proposal.wish : null;
          });
          expect(low).not.toBeNull();
          expect(low).toBeLessThanOrEqual(high ?? -1);
        },
      ),
      RUNS,
    );
  });

  it('comes to rest under a constant load, near its target, and stays there', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 19, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom('average' as const, 'total' as const),
        (units, start, scope) => {
          const sizes = underConstantLoad(units, start, scope);
          const final = sizes.at(-1) ?? start;
          expect(sizes.slice(-8)).toEqual(Array(8).fill(final));
          expect(units).toBeLessThanOrEqual(final * 1.1 + 1e-9);
          if (final > 1) expect(units).toBeGreaterThan((final - 1) * 0.9 - 1e-9);
        },
      ),
      RUNS,
    );
  });
});
