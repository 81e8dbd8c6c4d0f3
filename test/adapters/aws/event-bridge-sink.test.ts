import * as eventbridge from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { controllerEvent } from '../../../events/contracts/controller-events.ts';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { modelledService } from '../../../functions/local/aws-endpoint/service.ts';
import { eventBridgeSink } from '../../../shared/adapters/aws/event-bridge-sink.ts';
import type { ControllerEvent } from '../../../shared/core/controller-event.ts';
import { anEvent } from '../../support/an-event.ts';
import { anAwsAccount } from '../../support/aws-account.ts';

type Entry = eventbridge.PutEventsRequestEntry;

const idOf = ({ Detail = '' }: Entry): string => JSON.parse(Detail).id;
const events = (count: number, overrides: Partial<ControllerEvent> = {}): readonly ControllerEvent[] =>
  Array.from({ length: count }, (_, index) => anEvent({ id: `e${index}`, ...overrides }));

/** A bus that refuses an entry for as long as `refuse` names an error for it. */
async function aBus(
  refuse: (id: string, call: number) => string | undefined = () => undefined,
  faults: Parameters<typeof anAwsAccount>[1] = () => undefined,
) {
  const batches: Entry[][] = [];
  const service = modelledService({ name: 'events' }, eventbridge, {
    PutEvents: ({ Entries = [] }) => {
      batches.push([...Entries]);
      const answers = Entries.map((entry) => {
        const ErrorCode = refuse(idOf(entry), batches.length);
        return ErrorCode === undefined ? { EventId: 'x' } : { ErrorCode, ErrorMessage: 'sorry' };
      });
      return { FailedEntryCount: answers.filter((one) => 'ErrorCode' in one).length, Entries: answers };
    },
  });
  const { options } = await anAwsAccount([service], faults);
  const pauses: number[] = [];
  const pause = async (attempt: number) => void pauses.push(attempt);
  const sink = eventBridgeSink(new eventbridge.EventBridgeClient(options), 'plimsoll-events', pause);
  return { sink, batches, pauses };
}

describe('putting events on a bus', () => {
  it('puts an event with its source, type, target and time; its detail is the wire form', async () => {
    const { sink, batches } = await aBus();
    await sink.publish([anEvent({ type: 'ScalingFailed' })]);
    const [entry] = batches[0] ?? [];
    expect(entry).toMatchObject({
      EventBusName: 'plimsoll-events',
      Source: 'plimsoll',
      DetailType: 'ScalingFailed',
      Resources: ['ecs-service/prod/web'],
      Time: new Date('2026-11-21T10:00:00Z'),
    });
    expect(controllerEvent.parse(JSON.parse(entry?.Detail ?? ''))).toMatchObject({
      id: 'ecs-service/prod/web@1.0',
      timestamp: '2026-11-21T10:00:00.000Z',
      success: false,
    });
  });

  it('puts ten events a call, in order', async () => {
    const { sink, batches } = await aBus();
    await sink.publish(events(23));
    expect(batches.map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(batches.flat().map(idOf)).toEqual(events(23).map(({ id }) => id));
  });

  it('puts no more than 256 KiB in a call', async () => {
    const { sink, batches } = await aBus();
    await sink.publish(events(5, { reason: 'ü'.repeat(60_000) }));
    expect(batches.map(({ length }) => length)).toEqual([2, 2, 1]);
  });

  it('makes no call for no events', async () => {
    const { sink, batches } = await aBus();
    await sink.publish([]);
    expect(batches).toEqual([]);
  });

  it('puts only the refused entries again, after a pause', async () => {
    const { sink, batches, pauses } = await aBus((id, call) =>
      call === 1 && ['e1', 'e3'].includes(id) ? 'ThrottlingException' : undefined,
    );
    await sink.publish(events(5));
    expect(batches.map((batch) => batch.map(idOf))).toEqual([
      ['e0', 'e1', 'e2', 'e3', 'e4'],
      ['e1', 'e3'],
    ]);
    expect(pauses).toEqual([1]);
  });

  it('gives up on entries that are refused again and again, as retryable', async () => {
    const { sink, batches, pauses } = await aBus((id) => (id === 'e1' ? 'InternalFailure' : undefined));
    await expect(sink.publish(events(3))).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message:
        'could not put events on the bus plimsoll-events: 1 of 3 entries refused, InternalFailure: sorry',
    });
    expect(batches).toHaveLength(4);
    expect(pauses).toEqual([1, 2, 3]);
  });

  it('does not put an entry again that will be refused again', async () => {
    const { sink, batches } = await aBus((id) => (id === 'e0' ? 'MalformedDetail' : undefined));
    await expect(sink.publish(events(2))).rejects.toMatchObject({ code: 'rejected', retryable: false });
    expect(batches).toHaveLength(1);
  });

  it('keeps a hopeless refusal in mind while others are put again', async () => {
    const { sink, batches } = await aBus((id, call) =>
      id === 'e0' ? 'MalformedDetail' : call === 1 ? 'ThrottlingException' : undefined,
    );
    await expect(sink.publish(events(2))).rejects.toMatchObject({ code: 'rejected' });
    expect(batches.map((batch) => batch.map(idOf))).toEqual([['e0', 'e1'], ['e1']]);
  });

  it('puts later batches although an earlier one failed', async () => {
    const { sink, batches } = await aBus((id) => (id === 'e0' ? 'MalformedDetail' : undefined));
    await expect(sink.publish(events(15))).rejects.toMatchObject({ retryable: false });
    expect(batches.map(({ length }) => length)).toEqual([10, 5]);
  });

  it('names missing permissions', async () => {
    const { sink } = await aBus(undefined, () => awsError('AccessDeniedException', 'not authorized'));
    await expect(sink.publish(events(1))).rejects.toMatchObject({ code: 'denied', retryable: false });
  });
});
