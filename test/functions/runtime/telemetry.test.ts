import { describe, expect, it } from 'vitest';
import { embeddedMetrics } from '../../../functions/runtime/metrics.ts';
import { loggedTelemetry } from '../../../functions/runtime/telemetry.ts';
import type { Decision } from '../../../shared/core/decision.ts';
import { explain } from '../../../shared/core/explain.ts';
import { ALog } from '../../support/a-log.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { AWorld, TEN } from '../../support/a-world.ts';

interface EmfLine {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

function aTelemetry() {
  const written: EmfLine[] = [];
  const log = new ALog();
  const metrics = embeddedMetrics('Plimsoll', { now: () => TEN }, (line) => written.push(JSON.parse(line)));
  return { log, metrics, written, telemetry: loggedTelemetry(log, metrics) };
}

const held = (reason: 'cooldown-in' | 'at-desired'): Decision => ({
  kind: 'hold',
  reason,
  size: 4,
  wish: reason === 'at-desired' ? 4 : 2,
  until: null,
  trace: [],
});

describe('telemetry', () => {
  const world = new AWorld([aPolicy()]);
  const record = (decision: Decision, decisionId = 'decision-1') => ({
    decisionId,
    decision,
    policy: aPolicy(),
    signal: world.alarm(),
  });

  it('counts decisions by kind and reason, one line for each pair, whatever the number of targets', () => {
    const { telemetry, metrics, written } = aTelemetry();
    for (let n = 0; n < 1000; n += 1) telemetry.decided(record(held('at-desired')));
    telemetry.decided(record(held('cooldown-in')));
    metrics.flush();
    expect(written).toHaveLength(2);
    expect(written[0]).toEqual({
      _aws: {
        Timestamp: TEN,
        CloudWatchMetrics: [
          {
            Namespace: 'Plimsoll',
            Dimensions: [['Kind', 'Reason']],
            Metrics: [{ Name: 'Decisions', Unit: 'Count' }],
          },
        ],
      },
      Kind: 'hold',
      Reason: 'at-desired',
      Decisions: 1000,
    });
  });

  it('logs a decision with target, decision id, signal id and the whole trace, and keeps the target out of dimensions', () => {
    const { telemetry, metrics, written, log } = aTelemetry();
    const decision = held('cooldown-in');
    telemetry.decided(record(decision));
    metrics.flush();
    expect(log.lines).toEqual([
      {
        level: 'info',
        message: 'decision',
        fields: {
          decisionId: 'decision-1',
          signalId: 'alarm-1',
          signal: 'alarm',
          target: 'ecs-service/prod/web',
          policy: 'web',
          reason: 'cooldown-in',
          explanation: explain(decision),
          decision,
        },
      },
    ]);
    expect(JSON.stringify(written)).not.toContain('prod/web');
  });

  it('leaves the trace of a hold that left nothing unmet to its explanation: one such line a minute and target is enough', () => {
    const { telemetry, log } = aTelemetry();
    telemetry.decided(record(held('at-desired')));
    expect(log.lines[0]?.fields).not.toHaveProperty('decision');
    expect(log.lines[0]?.fields).toMatchObject({ reason: 'at-desired', target: 'ecs-service/prod/web' });
  });

  it('keeps every duration, so that percentiles stay true, a hundred a line', () => {
    const { telemetry, metrics, written } = aTelemetry();
    for (let n = 0; n < 150; n += 1) telemetry.settled(world.target, 'completed', n);
    telemetry.settled(world.target, 'failed', 900);
    metrics.flush();
    const sizes = written.map(({ ResizeDuration }) => [ResizeDuration].flat().length);
    expect(sizes).toEqual([100, 50, 1]);
    expect(written.at(-1)).toMatchObject({ Outcome: 'failed', ResizeDuration: 900 });
  });

  it('counts conflicts, problems and the lag of the sweep without dimensions', () => {
    const { telemetry, metrics, written } = aTelemetry();
    telemetry.ledgerConflict(world.target);
    telemetry.ledgerConflict(world.target);
    telemetry.problem('not accepted', { target: world.target });
    telemetry.swept(3, 42);
    metrics.flush();
    expect(written.map(({ _aws, ...members }) => members)).toEqual([
      { LedgerConflicts: 2 },
      { Problems: 1 },
      { SweepLag: 42 },
    ]);
    expect(written.every(({ _aws }) => _aws.CloudWatchMetrics[0]?.Dimensions[0]?.length === 0)).toBe(true);
  });
});
