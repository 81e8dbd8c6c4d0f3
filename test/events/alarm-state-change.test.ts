import { describe, expect, it } from 'vitest';
import { alarmStateChange } from '../../events/contracts/alarm-state-change.ts';
import { parseOrThrow } from '../../functions/runtime/parse.ts';
import { sample, samplesOf } from './samples.ts';

const SOURCE = 'cloudwatch-alarm-state-change';
const parse = (value: unknown) => parseOrThrow(alarmStateChange, value, 'alarm event');
const alarm = sample(`${SOURCE}.alarm`);
const detail = alarm['detail'] as Readonly<Record<string, unknown>>;

describe('an alarm that changed its state', () => {
  it.each([
    ['alarm', 'plimsoll-web-cpu-out', 'ALARM'],
    ['ok', 'plimsoll-web-cpu-out', 'OK'],
    ['insufficient-data', 'plimsoll-web-cpu-out', 'INSUFFICIENT_DATA'],
    ['metric-math', 'plimsoll-worker-backlog-out', 'ALARM'],
    ['composite', 'web-overload', 'ALARM'],
  ])('is read from the sample %s', (name, alarmName, value) => {
    expect(parse(sample(`${SOURCE}.${name}`)).detail).toMatchObject({ alarmName, state: { value } });
  });

  it('has no sample that is not tested', () => {
    expect(samplesOf(SOURCE)).toHaveLength(7);
  });

  it('keeps the id of the event, and both times in milliseconds', () => {
    expect(parse(alarm)).toMatchObject({
      id: '00000000-0000-4000-8000-000000000001',
      time: Date.UTC(2026, 10, 20, 8, 31, 7),
      detail: { state: { timestamp: Date.UTC(2026, 10, 20, 8, 31, 6, 873) } },
    });
  });

  it('lets keys pass that we do not know', () => {
    expect(
      parse({ ...alarm, 'replay-name': 'r', detail: { ...detail, muteDuration: 'PT5M' } }),
    ).toMatchObject({
      detail: { alarmName: 'plimsoll-web-cpu-out' },
    });
  });

  it('refuses an event of another version with place, value and fix', () => {
    expect(() => parse(sample(`${SOURCE}.another-version`))).toThrow(
      'alarm event: version must be "0": no other version of EventBridge events is known to this release, not "1"',
    );
  });

  it('names every field that is wrong', () => {
    expect(() => parse(sample(`${SOURCE}.malformed`))).toThrow(
      'alarm event: detail.alarmName must be a string, not 42; detail.state.value is missing: it must be one of OK, ALARM, INSUFFICIENT_DATA',
    );
  });

  it.each<[string, unknown, string]>([
    [
      'another detail type',
      { ...alarm, 'detail-type': 'CloudWatch Alarm Configuration Change' },
      'detail-type must be',
    ],
    ['another source', { ...alarm, source: 'aws.ecs' }, 'source must be "aws.cloudwatch"'],
    ['no detail', { ...alarm, detail: undefined }, 'detail is missing'],
    ['a detail in a string', { ...alarm, detail: '{}' }, 'detail must be an object'],
    [
      'an unknown state',
      { ...alarm, detail: { ...detail, state: { ...(detail['state'] as object), value: 'RED' } } },
      'not "RED"',
    ],
    ['a time that is none', { ...alarm, time: 'yesterday' }, 'time must be a time such as'],
    [
      'a time that does not exist',
      { ...alarm, time: '2026-13-41T00:00:00Z' },
      'time must be a time that exists',
    ],
    [
      'an empty alarm name',
      { ...alarm, detail: { ...detail, alarmName: '' } },
      'detail.alarmName must not be empty',
    ],
    ['text', 'ALARM', 'body must be a JSON object'],
    ['null', null, 'body must be a JSON object'],
    ['a list', [alarm], 'body must be a JSON object'],
    ['nothing', undefined, 'is missing'],
  ])('refuses %s', (_case, value, message) => {
    expect(() => parse(value)).toThrow(message);
    try {
      parse(value);
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid', retryable: false });
    }
  });
});
