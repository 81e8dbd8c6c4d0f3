import { describe, expect, it, test } from 'vitest';
import type { ResizeCause } from '../../shared/core/decision.ts';
import { plusSeconds } from '../../shared/core/time.ts';
import {
  accept,
  begin,
  complete,
  directionOf,
  fail,
  firstSight,
  IllegalTransition,
  override,
  phaseOf,
  wakeNow,
} from '../../shared/core/transitions.ts';
import { aPolicy } from '../support/a-policy.ts';
import { aPin, aResize, aState } from '../support/a-state.ts';
import { someRules } from '../support/behaviors.ts';
import { NOW } from '../support/now.ts';

const policy = aPolicy({ cooldownSeconds: { out: 60, in: 300 } });
const ago = (seconds: number) => plusSeconds(NOW, -seconds);

describe('the phase of a target', () => {
  test.each([
    { state: {}, phase: 'idle' },
    { state: { resize: aResize() }, phase: 'resizing' },
    { state: { lastOut: { at: ago(299.999), from: 3, to: 4 } }, phase: 'cooling' },
    { state: { lastOut: { at: ago(300), from: 3, to: 4 } }, phase: 'idle' },
    { state: { lastIn: { at: ago(299.999), from: 5, to: 4 } }, phase: 'cooling' },
    { state: { lastIn: { at: ago(300), from: 5, to: 4 } }, phase: 'idle' },
    {
      state: { lastIn: { at: ago(900), from: 5, to: 4 }, lastOut: { at: ago(10), from: 3, to: 4 } },
      phase: 'cooling',
    },
  ])('of $state is $phase', ({ state, phase }) => {
    expect(phaseOf(aState(state), policy, NOW)).toBe(phase);
  });

  it('cools for the longer of the two cooldowns after a scale-out', () => {
    const slow = aPolicy({ cooldownSeconds: { out: 600, in: 60 } });
    expect(phaseOf(aState({ lastOut: { at: ago(599), from: 3, to: 4 } }), slow, NOW)).toBe('cooling');
    expect(phaseOf(aState({ lastIn: { at: ago(60), from: 5, to: 4 } }), slow, NOW)).toBe('idle');
  });
});

describe('the first sight of a target', () => {
  it('remembers the size, and nothing else', () => {
    expect(firstSight(policy, 4, NOW)).toMatchObject({
      size: 4,
      recommendations: [],
      wakeAt: null,
      policy: null,
    });
  });

  test.each([someRules({}), { kind: 'implicit', downscaleStabilizationSeconds: 300 }] as const)(
    'starts the history with the size where a history counts ($kind)',
    (behavior) => {
      expect(firstSight(aPolicy({ behavior }), 4, NOW).recommendations).toEqual([{ wish: 4, since: NOW }]);
    },
  );
});

describe('a resize', () => {
  const intent = aResize({ acceptedAt: null });

  it('begins, is accepted, and completes: idle → resizing → cooling', () => {
    const begun = begin(aState({ held: { reason: 'cooldown-out', since: ago(60) } }), intent);
    expect(begun).toEqual(aState({ resize: intent }));
    const accepted = accept(begun, intent.id, policy, NOW);
    expect(accepted).toEqual(aState({ resize: { ...intent, acceptedAt: NOW }, size: 6 }));
    const completed = complete(accepted, intent.id, NOW);
    expect(completed).toEqual(
      aState({
        size: 6,
        lastOut: { at: NOW, from: 4, to: 6 },
        changed: { since: NOW, until: NOW, from: 4, to: 6 },
        wakeAt: NOW,
      }),
    );
    expect(phaseOf(completed, policy, NOW)).toBe('cooling');
  });

  it('is accepted once: a repeat changes nothing', () => {
    const accepted = accept(aState({ resize: intent }), intent.id, policy, NOW);
    expect(accept(accepted, intent.id, policy, plusSeconds(NOW, 60))).toBe(accepted);
  });

  it('inward starts the cooldown of a scale-in and leaves the other alone', () => {
    const lastOut = { at: ago(900), from: 3, to: 6 };
    const state = aState({ resize: aResize({ from: 6, to: 4 }), lastOut });
    expect(complete(state, 'resize-1', NOW)).toMatchObject({ lastOut, lastIn: { at: NOW, from: 6, to: 4 } });
  });

  it('that completes ends a row of failures; one that fails makes it longer, and starts no cooldown', () => {
    const resize = aResize();
    const failed = fail(aState({ resize }), resize.id, 4, NOW);
    expect(failed).toEqual(
      aState({ size: 4, failures: { count: 1, at: NOW, direction: 'out' }, wakeAt: NOW }),
    );
    const again = fail({ ...failed, resize }, resize.id, null, plusSeconds(NOW, 60));
    expect(again).toMatchObject({
      size: null,
      failures: { count: 2, at: plusSeconds(NOW, 60), direction: 'out' },
      resize: null,
    });
    expect(complete({ ...again, resize }, resize.id, NOW).failures).toBeNull();
  });

  it('wakes the target when it ends, and lets it count anew until it may sleep', () => {
    const state = aState({ resize: aResize(), quietSince: ago(600), wakeAt: plusSeconds(NOW, 600) });
    expect(complete(state, 'resize-1', NOW)).toMatchObject({ wakeAt: NOW, quietSince: null });
    expect(fail(state, 'resize-1', 4, NOW)).toMatchObject({ wakeAt: NOW, quietSince: null });
    expect(fail(state, 'resize-1', 4, NOW, 'No such class.').failures).toMatchObject({
      why: 'No such class.',
    });
    expect(fail(state, 'resize-1', 4, NOW).failures).not.toHaveProperty('why');
  });

  it.each([
    { cause: 'policy', to: 0, own: true },
    { cause: 'manual', to: 0, own: false },
    { cause: 'policy', to: 3, own: false },
  ] as const)("to $to by $cause: a zero of automation's own is $own", ({ cause, to, own }) => {
    const state = aState({ resize: aResize({ from: 4, to, cause, acceptedAt: null }), scaledToZero: !own });
    expect(accept(state, 'resize-1', aPolicy(), NOW).scaledToZero).toBe(own);
  });

  it('may be raised by a larger scale-out', () => {
    const state = begin(aState({ resize: aResize() }), aResize({ id: 'resize-2', from: 6, to: 9 }));
    expect(state.resize).toMatchObject({ id: 'resize-2', to: 9 });
  });

  it('remembers the size before the first of the scale-outs that were raised', () => {
    const once = begin(aState({ resize: aResize() }), aResize({ id: 'resize-2', from: 6, to: 9 }));
    const twice = begin(once, aResize({ id: 'resize-3', from: 9, to: 12 }));
    expect(twice.resize?.base).toBe(4);
    expect(complete(twice, 'resize-3', NOW).lastOut).toEqual({ at: NOW, from: 4, to: 12 });
  });

  describe('within the cooldown of a scale-out', () => {
    const begun = (resize: Parameters<typeof aResize>[0], secondsAgo = 30) =>
      aState({
        lastOut: { at: ago(secondsAgo), from: 10, to: 12 },
        resize: aResize({ startedAt: ago(5), acceptedAt: null, ...resize }),
      });
    const ended = (state: ReturnType<typeof begun>) =>
      complete(accept(state, 'resize-1', policy, NOW), 'resize-1', NOW).lastOut;

    it('a larger one adds to it: both count from the size before the first', () => {
      expect(ended(begun({ from: 12, to: 13 }))).toEqual({ at: NOW, from: 10, to: 13 });
    });

    it('one that is not larger, or comes later, counts for itself', () => {
      expect(ended(begun({ from: 3, to: 5 }))).toEqual({ at: NOW, from: 3, to: 5 });
      expect(ended(begun({ from: 12, to: 13 }, 65))).toEqual({ at: NOW, from: 12, to: 13 });
    });

    it('a scale-in does not touch it', () => {
      expect(ended(begun({ from: 12, to: 11 }))).toEqual({ at: ago(30), from: 10, to: 12 });
    });
  });
});

describe('moves that do not exist', () => {
  const inFlight = aState({ resize: aResize({ from: 4, to: 6 }) });

  test.each([
    { move: 'begin the same size', make: () => begin(inFlight, aResize({ id: 'other', from: 4, to: 6 })) },
    { move: 'begin a smaller size', make: () => begin(inFlight, aResize({ id: 'other', from: 6, to: 3 })) },
    {
      move: 'raise a scale-in',
      make: () =>
        begin(aState({ resize: aResize({ from: 6, to: 4 }) }), aResize({ id: 'other', from: 4, to: 9 })),
    },
    { move: 'accept another resize', make: () => accept(inFlight, 'other', policy, NOW) },
    { move: 'accept nothing', make: () => accept(aState(), 'resize-1', policy, NOW) },
    { move: 'complete another resize', make: () => complete(inFlight, 'other', NOW) },
    { move: 'complete nothing', make: () => complete(aState(), 'resize-1', NOW) },
    { move: 'fail another resize', make: () => fail(inFlight, 'other', 4, NOW) },
    { move: 'fail nothing', make: () => fail(aState(), 'resize-1', 4, NOW) },
  ])('throw: $move', ({ make }) => {
    expect(make).toThrow(IllegalTransition);
  });

  it('say where the target stands instead', () => {
    expect(() => complete(inFlight, 'other', NOW)).toThrow(
      'Cannot complete resize other: resize resize-1 is in flight.',
    );
    expect(() => fail(aState(), 'other', 4, NOW)).toThrow(
      'Cannot fail resize other: no resize is in flight.',
    );
  });
});

describe('the history that rate policies count', () => {
  const paced = aPolicy({
    behavior: someRules({
      up: { policies: [{ type: 'Pods', value: 4, periodSeconds: 60 }] },
      down: { policies: [{ type: 'Pods', value: 1, periodSeconds: 300 }] },
    }),
  });
  const asked = (cause: ResizeCause, from = 4, to = 6) =>
    aState({ resize: aResize({ cause, from, to, startedAt: ago(10), acceptedAt: null }) });

  test.each<ResizeCause>(['policy', 'bounds', 'fallback'])(
    'has a change by automation (%s), from when it was asked for',
    (cause) => {
      expect(accept(asked(cause), 'resize-1', paced, NOW).scaleEvents).toEqual([
        { at: ago(10), direction: 'out', change: 2 },
      ]);
    },
  );

  test.each<ResizeCause>(['manual', 'pin'])('knows nothing of a change by hand (%s)', (cause) => {
    expect(accept(asked(cause), 'resize-1', paced, NOW).scaleEvents).toEqual([]);
  });

  it('counts cuts as cuts, and forgets what left the longest period of either direction', () => {
    const old = { at: ago(311), direction: 'out', change: 9 } as const;
    const young = { at: ago(309), direction: 'out', change: 3 } as const;
    const state = { ...asked('policy', 6, 4), scaleEvents: [old, young] };
    // The new one takes the place of the one that left.
    expect(accept(state, 'resize-1', paced, NOW).scaleEvents).toEqual([
      { at: ago(10), direction: 'in', change: 2 },
      young,
    ]);
  });

  it('has both steps of a scale-out that was raised before its end', () => {
    const first = accept(asked('policy', 4, 6), 'resize-1', paced, NOW);
    const raise = aResize({ id: 'resize-2', from: 6, to: 9, startedAt: NOW, acceptedAt: null });
    const second = accept(begin(first, raise), 'resize-2', paced, NOW);
    expect(second.scaleEvents.map(({ change }) => change)).toEqual([2, 3]);
    expect(complete(second, 'resize-2', NOW).scaleEvents).toBe(second.scaleEvents);
  });

  it('is not kept where no rate policy counts it', () => {
    const state = { ...asked('policy'), scaleEvents: [{ at: ago(5), direction: 'out', change: 1 } as const] };
    expect(accept(state, 'resize-1', policy, NOW).scaleEvents).toEqual([]);
  });
});

it('puts a pin in the place of an earlier one', () => {
  const first = override(aState(), aPin({ size: 8 }));
  expect(override(first, aPin({ size: 9 })).overrides).toEqual([aPin({ size: 9 })]);
});

test.each([
  { wakeAt: null, becomes: NOW },
  { wakeAt: plusSeconds(NOW, 1), becomes: NOW },
  { wakeAt: NOW, becomes: NOW },
  { wakeAt: ago(300), becomes: ago(300) },
])('a target with wakeAt $wakeAt that is to be asked now is due from $becomes', ({ wakeAt, becomes }) => {
  expect(wakeNow(aState({ wakeAt }), NOW)).toBe(becomes);
});

it('knows out from in', () => {
  expect(directionOf({ from: 4, to: 5 })).toBe('out');
  expect(directionOf({ from: 4, to: 3 })).toBe('in');
});
