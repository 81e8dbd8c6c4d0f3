import * as sns from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { modelledService } from '../../../functions/local/aws-endpoint/service.ts';
import { bodyOf, subjectOf } from '../../../shared/adapters/aws/notification-text.ts';
import { type SnsSinkOptions, snsSink } from '../../../shared/adapters/aws/sns-sink.ts';
import { EVENT_TYPES } from '../../../shared/core/controller-event.ts';
import { anEvent } from '../../support/an-event.ts';
import { anAwsAccount } from '../../support/aws-account.ts';
import { fc } from '../../support/fast-check.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:plimsoll';

async function aTopic(
  options: SnsSinkOptions = {},
  fail: (call: number) => readonly sns.BatchResultErrorEntry[] = () => [],
) {
  const requests: sns.PublishBatchCommandInput[] = [];
  const service = modelledService({ name: 'sns' }, sns, {
    PublishBatch: (input) => {
      requests.push(input as sns.PublishBatchCommandInput);
      return { Successful: [], Failed: [...fail(requests.length)] };
    },
  });
  const account = await anAwsAccount([service]);
  const sink = snsSink(new sns.SNSClient(account.options), TOPIC, { pause: async () => {}, ...options });
  return { sink, requests };
}

describe('telling people', () => {
  it('sends a subject, sentences, and attributes to filter by', async () => {
    const { sink, requests } = await aTopic();
    await sink.publish([anEvent({ type: 'ScalingCompleted', reason: 'From 4 to 5 in 93 s.', owner: 'ada' })]);
    expect(requests[0]).toMatchObject({
      TopicArn: TOPIC,
      PublishBatchRequestEntries: [
        {
          Subject: 'Plimsoll: web was scaled from 4 to 5',
          Message: [
            'From 4 to 5 in 93 s.',
            '',
            'Target: ecs-service/prod/web',
            'Policy: web',
            'Event: ScalingCompleted',
            'Size: from 4 to 5',
            'Cause: policy',
            'Asked for by: ada',
            'Time: 2026-11-21T10:00:00.000Z',
            'Event id: ecs-service/prod/web@1.0',
            'Resize id: resize-1',
            'Decision id: decision-1',
          ].join('\n'),
          MessageAttributes: {
            type: { DataType: 'String', StringValue: 'ScalingCompleted' },
            target: { DataType: 'String', StringValue: 'ecs-service/prod/web' },
            policy: { DataType: 'String', StringValue: 'web' },
          },
        },
      ],
    });
  });

  it('keeps quiet about what nobody wants to be told', async () => {
    const { sink, requests } = await aTopic();
    await sink.publish([anEvent({ type: 'ScalingHeld' }), anEvent({ type: 'ScalingStarted' })]);
    expect(requests).toEqual([]);
  });

  it('tells of the types that it is asked to', async () => {
    const { sink, requests } = await aTopic({ types: ['ScalingHeld'] });
    await sink.publish([anEvent({ type: 'ScalingHeld' }), anEvent({ type: 'ScalingCompleted' })]);
    expect(requests[0]?.PublishBatchRequestEntries).toHaveLength(1);
  });

  it('sends ten messages a call, with ids that are unique in each', async () => {
    const { sink, requests } = await aTopic();
    await sink.publish(Array.from({ length: 12 }, () => anEvent({ type: 'ScalingFailed' })));
    const ids = requests.map(({ PublishBatchRequestEntries = [] }) =>
      PublishBatchRequestEntries.map(({ Id }) => Id),
    );
    expect(ids.map((batch) => new Set(batch).size)).toEqual([10, 2]);
  });

  it('sends a refused message again, and no other', async () => {
    const { sink, requests } = await aTopic({}, (call) =>
      call === 1 ? [{ Id: '1', Code: 'InternalError', Message: 'sorry', SenderFault: false }] : [],
    );
    await sink.publish([anEvent({ type: 'ScalingFailed' }), anEvent({ type: 'TargetMissing' })]);
    expect(requests[1]?.PublishBatchRequestEntries).toMatchObject([
      { Id: '1', MessageAttributes: { type: { StringValue: 'TargetMissing' } } },
    ]);
  });

  it('says which topic did not take a message', async () => {
    const { sink } = await aTopic({}, () => [
      { Id: '0', Code: 'InvalidParameter', Message: 'Subject', SenderFault: true },
    ]);
    await expect(sink.publish([anEvent({ type: 'ScalingFailed' })])).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining(TOPIC),
    });
  });
});

describe('the subject of a notification', () => {
  it('is what SNS takes, whatever a policy is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...EVENT_TYPES), (policy, type) => {
        const subject = subjectOf(anEvent({ policy, type }));
        expect(subject.length).toBeLessThanOrEqual(100);
        expect(subject).toMatch(/^Plimsoll: [ -~]*$/);
      }),
    );
  });

  it('leaves out sizes that an event does not have', () => {
    const event = anEvent({ type: 'TargetMissing', from: null, to: null });
    expect(subjectOf(event)).toBe('Plimsoll: web is missing');
    expect(bodyOf(event)).not.toContain('Size');
  });
});
