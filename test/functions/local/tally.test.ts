import { describe, expect, it } from 'vitest';
import { runReport, summaryOf } from '../../../functions/local/run-report.ts';
import { counted, Tally } from '../../../functions/local/tally.ts';
import { SILENT_TELEMETRY } from '../../../shared/adapters/memory/silent-telemetry.ts';
import type { Signal } from '../../../shared/core/signal.ts';
import type { DecisionRecord } from '../../../shared/ports/telemetry.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { aManualSignal, aSignal } from '../../support/a-signal.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';
import { anEvent } from '../../support/an-event.ts';
import { decideIn } from '../../support/deciding.ts';

const recordOf = (cpu: number, signal: Signal = aSignal()): DecisionRecord => ({
  decisionId: 'decision-1',
  policy: aPolicy(),
  signal,
  decision: decideIn({ snapshot: aSnapshot({ metrics: { cpu } }), signal }),
});

const SCORE = {
  unitHours: 96.52512,
  underCapacityPct: 7.03456,
  violationPct: 0,
  longestViolationSeconds: 0,
  minDesired: 2,
  maxDesired: 19,
  resizes: 44,
};

describe('the counts of a run', () => {
  it('are of signals, decisions by outcome, events by type and calls by operation, in the order of the alphabet', async () => {
    const tally = new Tally();
    const heard: DecisionRecord[] = [];
    const telemetry = counted(tally, { ...SILENT_TELEMETRY, decided: (record) => heard.push(record) });
    for (const cpu of [83.2, 70, 70, 20]) telemetry.decided(recordOf(cpu));
    telemetry.decided(recordOf(70, aManualSignal()));
    tally.signal('alarm');
    tally.signal('sweep');
    for (const operation of ['Query', 'DescribeServices', 'Query']) tally.call(operation);
    await tally.publish([anEvent(), anEvent({ type: 'ScalingCompleted' }), anEvent()]);

    expect(JSON.stringify(tally.report())).toBe(
      JSON.stringify({
        signals: { alarm: 1, sweep: 1, manual: 1 },
        decisions: { resize: 3, hold: { 'within-tolerance': 2 } },
        events: { ScalingCompleted: 1, ScalingStarted: 2 },
        awsCalls: { DescribeServices: 1, Query: 2 },
      }),
    );
    expect(heard).toHaveLength(5);
  });

  it('stand still once they are reported', () => {
    const tally = new Tally();
    const before = tally.report();
    tally.signal('alarm');
    tally.call('Query');
    expect(before).toMatchObject({ signals: { alarm: 0 }, awsCalls: {} });
  });
});

describe('the report of a run', () => {
  it('rounds to thousandths, and reads as sentences', () => {
    const tally = new Tally();
    tally.signal('alarm');
    const report = runReport({ simulated: 86_400, wall: 6.84821 }, tally, { web: SCORE });
    expect(report).toMatchObject({
      simulatedSeconds: 86_400,
      wallSeconds: 6.848,
      targets: { web: { unitHours: 96.525, underCapacityPct: 7.035, resizes: 44 } },
    });
    expect(summaryOf(report)).toBe(
      [
        '',
        '24.0 h replayed in 6.8 s: 1 alarm change, 0 requests by hand, 0 resizes, 0 holds.',
        '  web          2..19 units, 96.5 unit hours, above 90 % of capacity for 0 % of the time (0 s at most), 44 resizes',
      ].join('\n'),
    );
  });
});
