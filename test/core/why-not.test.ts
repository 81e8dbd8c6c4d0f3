import { describe, expect, it } from 'vitest';
import type { Policy } from '../../shared/core/policy.ts';
import { policyMetrics } from '../../shared/core/policy-metrics.ts';
import type { Receipt } from '../../shared/core/receipt.ts';
import { instant, plusSeconds } from '../../shared/core/time.ts';
import { type Change, decideAgain, whyNot, withChange } from '../../shared/core/why-not.ts';
import { aPolicy, aTargetTracking } from '../support/a-policy.ts';
import { aReceipt } from '../support/a-receipt.ts';
import { aManualSignal, aSignal } from '../support/a-signal.ts';
import { aSnapshot } from '../support/a-snapshot.ts';
import { aPin, aResize, aState } from '../support/a-state.ts';
import { anyCircumstances } from '../support/arbitraries.ts';
import { type Circumstances, inShort } from '../support/deciding.ts';
import { fc } from '../support/fast-check.ts';
import { NOW } from '../support/now.ts';

/** Changes in a few words: `cpu 70 -> 77.1: 4 -> 5`. */
const found = (given: Circumstances): readonly string[] =>
  whyNot(aReceipt(given)).changes.map((change) => {
    const { from, to } = change.becomes;
    const what =
      change.kind === 'wait' ? `wait ${change.seconds}` : `${change.metric} ${change.from} -> ${change.to}`;
    return `${what}${change.any ? ' any' : ''}: ${from} -> ${to}`;
  });

const flips = (receipt: Receipt): boolean => decideAgain(receipt).kind === 'resize';

function expectTheLine(receipt: Receipt, change: Change): void {
  const whole = withChange(receipt, change);
  expect(inShort(decideAgain(whole))).toBe(`${change.becomes.from} -> ${change.becomes.to}`);
  expect(flips(withChange(receipt, change, 0.99))).toBe(false);
  expect(flips(withChange(receipt, change, 0))).toBe(false);
}

describe('why a hold is not a resize', () => {
  it('names the limit that held it, beside what metrics would have done in the other direction', () => {
    const limit = {
      direction: 'out',
      size: 4,
      reason: 'connection-budget',
      detail:
        '4 tasks × 20 × 2 = 160 of 1 × 200 × 0.8 = 160 connections; one more replica of database allows 8.',
    } as const;
    const receipt = aReceipt({ snapshot: aSnapshot({ metrics: { cpu: 90 }, limits: [limit] }) });
    const answer = whyNot(receipt);
    expect(answer.limit).toBe(`A limit held it at 4 (connection-budget): ${limit.detail}`);
    expect(answer.changes.map(({ becomes }) => becomes)).toEqual([{ from: 4, to: 3 }]);
  });

  it('names no limit that only shortened a step, and none for another guard', () => {
    const limit = { direction: 'out', size: 5, reason: 'resource-limit', detail: 'At most 5.' } as const;
    const resting = aState({ lastOut: { at: plusSeconds(NOW, -20), from: 3, to: 4 } });
    const snapshot = aSnapshot({ metrics: { cpu: 120 }, limits: [limit] });
    expect(whyNot(aReceipt({ snapshot, state: resting }))).not.toHaveProperty('limit');
    expect(whyNot(aReceipt({ snapshot }))).not.toHaveProperty('limit');
    expect(whyNot(aReceipt({ snapshot: aSnapshot({ metrics: { cpu: 70 } }) }))).not.toHaveProperty('limit');
  });

  it('names the metric that would have done it, in round numbers, up and down', () => {
    expect(found({ snapshot: aSnapshot({ metrics: { cpu: 71.3 } }) })).toEqual([
      'cpu 71.3 -> 77.01: 4 -> 5',
      'cpu 71.3 -> 52.5: 4 -> 3',
    ]);
  });

  it('puts the smallest relative change first, waiting counted against an hour', () => {
    const cooling = aState({ lastOut: { at: plusSeconds(NOW, -216), from: 3, to: 4 } });
    const policy = aPolicy({ cooldownSeconds: { in: 300 } });
    expect(found({ policy, state: cooling, snapshot: aSnapshot({ metrics: { cpu: 35 } }) })).toEqual([
      'wait 84: 4 -> 2',
      'cpu 35 -> 77.1: 4 -> 5',
    ]);
  });

  it('says that any change does it where a metric stands exactly on the line', () => {
    const receipt = aReceipt({
      policy: aPolicy({ strategies: [aTargetTracking({ tolerance: { out: 0, in: 0 } })] }),
      snapshot: aSnapshot({ metrics: { cpu: 70 } }),
    });
    const [up] = whyNot(receipt).changes;
    expect(up).toMatchObject({ kind: 'metric', from: 70, any: true, becomes: { from: 4, to: 5 } });
    if (up !== undefined) expectTheLine(receipt, up);
  });

  it('starts from a value of zero', () => {
    const requests = { ...aTargetTracking().metric, id: 'requests', label: 'Requests', unit: '' };
    const policy = aPolicy({
      bounds: { min: 0 },
      strategies: [aTargetTracking({ metric: requests, scope: 'total', target: 100 })],
    });
    const receipt = aReceipt({ policy, snapshot: aSnapshot({ desired: 0, metrics: { requests: 0 } }) });
    const [change] = whyNot(receipt).changes;
    expect(change).toMatchObject({
      label: 'Requests',
      from: 0,
      any: true,
      relative: Number.POSITIVE_INFINITY,
    });
  });

  it('moves the samples of all units together', () => {
    const samples = [60, 72, 75, 73].map((value, index) => ({ unit: `task-${index}`, value }));
    const unused = { kind: 'samples', samples: [{ unit: null, value: 0 }], at: NOW } as const;
    const receipt = aReceipt({
      snapshot: aSnapshot({ metrics: { cpu: { kind: 'samples', samples, at: NOW }, idle: unused } }),
    });
    const { changes } = whyNot(receipt);
    for (const change of changes) expectTheLine(receipt, change);
    const doubled = withChange(receipt, aMetricChange({ from: 70, to: 140, units: 4 }));
    expect(doubled.snapshot.metrics['cpu']).toMatchObject({
      samples: [{ value: 120 }, { value: 144 }, { value: 150 }, { value: 146 }],
    });
    expect(doubled.snapshot.metrics['idle']).toEqual(unused);
  });

  it('leaves alone what is missing, and what nobody can use', () => {
    const receipt = aReceipt({ snapshot: aSnapshot({ metrics: { cpu: 'stale', odd: Number.NaN } }) });
    const { changes, nothing } = whyNot(receipt);
    expect(changes).toEqual([]);
    expect(nothing).toBe(
      'No change of a single metric and no wait of up to 24 h would have flipped it. What is missing cannot be changed: CPU.',
    );
  });

  it('cannot scale units that all read zero', () => {
    const samples = [{ unit: 'task-1', value: 0 }];
    const receipt = aReceipt({
      snapshot: aSnapshot({ metrics: { cpu: { kind: 'samples', samples, at: NOW } } }),
    });
    const hold = { ...receipt, decision: aReceipt().decision };
    expect(whyNot(hold).changes.filter(({ kind }) => kind === 'metric')).toEqual([]);
  });

  it('says what stands in the way where nothing flips it: a resize in flight that was asked for by hand', () => {
    const state = aState({ resize: aResize({ cause: 'manual', to: 6 }) });
    const { changes, nothing } = whyNot(aReceipt({ signal: aManualSignal({ size: 8 }), state }));
    expect(changes).toEqual([]);
    expect(nothing).toMatch(/^No change of a single metric.*The resize from 4 to 6/);
  });

  it('waits for the end of a pin', () => {
    const state = aState({ overrides: [aPin({ size: 4, expiresAt: plusSeconds(NOW, 1800) })] });
    const changes = found({ state, snapshot: aSnapshot({ metrics: { cpu: 90 } }) });
    expect(changes).toEqual(['wait 1800: 4 -> 6']);
  });

  it('does not wait beyond what is known of the schedule', () => {
    const state = aState({ overrides: [aPin({ size: 4, expiresAt: plusSeconds(NOW, 1800) })] });
    const at = (changesAt: number) => ({
      ...aSnapshot({ metrics: { cpu: 90 } }),
      schedule: { open: [], changesAt: plusSeconds(NOW, changesAt) },
    });
    expect(found({ state, snapshot: at(1800) })).toEqual([]);
    expect(found({ state, snapshot: at(1801) })).toEqual(['wait 1800: 4 -> 6']);
  });

  it('keeps readings and what came before them as fresh as they are while it waits, in whole milliseconds', () => {
    const earlier = [{ at: plusSeconds(NOW, -120), value: 60 }];
    const cpu = { kind: 'value', value: 70, at: plusSeconds(NOW, -60), earlier } as const;
    const mem = { kind: 'samples', samples: [], at: plusSeconds(NOW, -30) } as const;
    const receipt = aReceipt({ snapshot: aSnapshot({ metrics: { cpu, mem, gone: 'no-data' } }) });
    const wait: Change = {
      kind: 'wait',
      seconds: 90.001,
      until: plusSeconds(NOW, 90),
      becomes: { from: 4, to: 5 },
      relative: 0.025,
      any: false,
    };
    expect(withChange(receipt, wait)).toEqual({
      ...receipt,
      now: instant(NOW + 90_001),
      snapshot: {
        ...receipt.snapshot,
        metrics: {
          cpu: { ...cpu, at: instant(NOW + 30_001), earlier: [{ at: instant(NOW - 29_999), value: 60 }] },
          mem: { ...mem, at: instant(NOW + 60_001) },
          gone: receipt.snapshot.metrics['gone'],
        },
      },
    });
    expect(withChange(receipt, wait, 0.5).now).toBe(NOW + 45_000);
    expect(withChange(receipt, { ...wait, any: true }, 0.99).now).toBe(NOW);
  });

  // Most random circumstances stand in the way of everything; these are near a line: inside the bounds, each metric near its target.
  const nearALine = fc
    .tuple(anyCircumstances, fc.nat(), fc.double({ min: 0.6, max: 1.3, noNaN: true }))
    .map(([{ policy, state, now }, drawn, share]) => {
      const { min, max } = policy.bounds;
      const { lastOut, lastIn, recommendations, scaleEvents } = state;
      const metrics = policyMetrics(policy).map(({ id }) => [id, lineOf(policy, id) * share] as const);
      return {
        policy: { ...policy, paused: { out: false, in: false } },
        now,
        snapshot: aSnapshot({
          desired: Math.max(1, min + (drawn % (max - min + 1))),
          metrics: Object.fromEntries(metrics),
        }),
        state: aState({ lastOut, lastIn, recommendations, scaleEvents }),
        signal: aSignal(),
      };
    });
  const anyChance = fc.oneof({ weight: 1, arbitrary: anyCircumstances }, { weight: 3, arbitrary: nearALine });

  it('is the line: of 1,000 random holds each named change flips its own, and 99 % of it does not', () => {
    fc.assert(
      fc.property(anyChance, (circumstances) => {
        const receipt = aReceipt(circumstances);
        fc.pre(receipt.decision.kind === 'hold');
        const { changes, nothing } = whyNot(receipt);
        expect(nothing === null).toBe(changes.length > 0);
        // Only those are counted that something flips.
        fc.pre(nothing === null);
        for (const change of changes) expectTheLine(receipt, change);
      }),
      { numRuns: 1000 },
    );
  }, 300_000);
});

/** A value of a metric near which its strategy changes its mind. */
function lineOf({ strategies }: Policy, id: string): number {
  const strategy = strategies.find((each) => each.kind !== 'expression' && each.metric.id === id);
  switch (strategy?.kind) {
    case 'target-tracking':
      return strategy.target;
    case 'step':
    case 'threshold':
      return strategy.out?.threshold ?? strategy.in?.threshold ?? 50;
    default:
      return 50;
  }
}

const aMetricChange = (given: object) =>
  ({
    kind: 'metric',
    metric: 'cpu',
    label: 'CPU',
    unit: ' %',
    from: 70,
    to: 77.1,
    units: null,
    any: false,
    relative: 0.1,
    becomes: { from: 4, to: 5 },
    ...given,
  }) as Change;
