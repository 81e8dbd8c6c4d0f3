import { describe, expect, it } from 'vitest';
import { Journal, type JournalLine, lineOf } from '../../../../functions/local/view/journal.ts';
import { RunState, viewedTelemetry } from '../../../../functions/local/view/run-state.ts';
import { plusSeconds } from '../../../../shared/core/time.ts';
import { aPolicy } from '../../../support/a-policy.ts';
import { aSignal } from '../../../support/a-signal.ts';
import { aSnapshot } from '../../../support/a-snapshot.ts';
import { anEvent } from '../../../support/an-event.ts';
import { decideIn } from '../../../support/deciding.ts';
import { NOW } from '../../../support/now.ts';

const policy = aPolicy();

function aState() {
  const lines: JournalLine[] = [];
  const state = new RunState(
    [policy],
    () => NOW,
    (line) => lines.push(line),
  );
  return { state, lines };
}

const decidedAt = (cpu: number) => ({
  decisionId: 'decision-1',
  policy,
  signal: aSignal(),
  decision: decideIn({ snapshot: aSnapshot({ metrics: { cpu } }) }),
});

const aLine = (overrides: Partial<JournalLine> = {}): JournalLine => ({
  at: NOW,
  policy: 'web',
  what: 'hold at 4 (at-desired)',
  why: 'it is what is needed',
  ...overrides,
});

describe('the state of a run', () => {
  it('tells an event once, however often it is delivered', async () => {
    const { state, lines } = aState();
    const event = anEvent({ type: 'ScalingHeld', from: 4, to: 6, reason: 'a cooldown' });
    await state.publish([event, event]);
    await state.publish([event]);
    await state.publish([{ ...event, id: 'another' }]);
    expect(lines.map(({ what }) => what)).toEqual(['ScalingHeld 4 → 6', 'ScalingHeld 4 → 6']);
  });

  it('logs the start of a resize, which its journal has from the decision', async () => {
    const { state, lines } = aState();
    state.decided(decidedAt(83.2));
    await state.publish([anEvent()]);
    expect(lines.map(lineOf)).toEqual([
      '10:00:00  web  ScalingStarted 4 → 5  CPU 83.2 % is above the target of 70 %.',
    ]);
    expect(state.journal.lines().map(({ what }) => what)).toEqual(['resize 4 → 5']);
  });

  it('writes an event without sizes by its type alone', async () => {
    const { state, lines } = aState();
    await state.publish([anEvent({ type: 'TargetMissing', from: null, to: null, reason: 'MISSING' })]);
    expect(lines.map(({ what, why }) => `${what}: ${why}`)).toEqual(['TargetMissing: MISSING']);
  });

  it('starts both cooldowns at the end of a scale-out, and one at the end of a scale-in', async () => {
    const { state } = aState();
    await state.publish([anEvent({ id: 'a', type: 'ScalingCompleted', at: NOW, from: 4, to: 6 })]);
    expect(state.cooldowns('web')).toEqual([
      { direction: 'out', until: plusSeconds(NOW, 60) },
      { direction: 'in', until: plusSeconds(NOW, 300) },
    ]);
    await state.publish([anEvent({ id: 'b', type: 'ScalingCompleted', at: NOW, from: 6, to: 5 })]);
    expect(state.cooldowns('web')).toEqual([{ direction: 'in', until: plusSeconds(NOW, 300) }]);
    await state.publish([anEvent({ id: 'c', type: 'ScalingCompleted', policy: 'gone', from: 6, to: 5 })]);
    expect(state.cooldowns('gone')).toEqual([]);
  });

  it('goes on after a thousand events', async () => {
    const { state, lines } = aState();
    await state.publish(Array.from({ length: 1500 }, (_, index) => anEvent({ id: `event-${index}` })));
    expect(lines).toHaveLength(1500);
    expect(state.journal.lines()).toHaveLength(0);
  });
});

describe('the journal', () => {
  it('keeps the last lines, oldest first', () => {
    const journal = new Journal(3);
    for (const what of ['a', 'b', 'c', 'd']) journal.add(aLine({ what }));
    expect(journal.lines().map(({ what }) => what)).toEqual(['b', 'c', 'd']);
  });

  it('puts a repeated line in the place of the one before, with its own time and reason', () => {
    const journal = new Journal(3);
    journal.add(aLine());
    journal.add(aLine({ policy: 'api' }));
    journal.add(aLine({ at: plusSeconds(NOW, 60), why: 'still' }));
    expect(journal.lines().map(lineOf)).toEqual([
      '10:03:06  api  hold at 4 (at-desired)  it is what is needed',
      '10:04:06  web  hold at 4 (at-desired)  still',
    ]);
  });

  it('keeps both when something happened to the policy in between', () => {
    const journal = new Journal(5);
    journal.add(aLine());
    journal.add(aLine({ what: 'resize 4 → 5' }));
    journal.add(aLine());
    expect(journal.lines()).toHaveLength(3);
  });
});

describe('telemetry of a view', () => {
  it('passes decisions to the state and problems to the output, and ignores the rest', () => {
    const { state } = aState();
    const problems: unknown[] = [];
    const telemetry = viewedTelemetry(state, (message, fields) => problems.push([message, fields]));
    telemetry.decided(decidedAt(70));
    telemetry.problem('it broke', { target: 'web' });
    telemetry.settled(aSignal().target, 'completed', 1);
    telemetry.ledgerConflict(aSignal().target);
    telemetry.swept(1, 0);
    expect(state.journal.lines().map(({ what }) => what)).toEqual(['hold at 4 (within-tolerance)']);
    expect(problems).toEqual([['it broke', { target: 'web' }]]);
  });
});
