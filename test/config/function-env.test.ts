import { describe, expect, it } from 'vitest';
import {
  FUNCTION_ENVIRONMENTS,
  type FunctionEnvironment,
  readEnvironment,
  sweepEnvironment,
} from '../../shared/config/function-env.ts';

const sweep: FunctionEnvironment<'sweep'> = {
  TABLE_NAME: 'plimsoll',
  METRICS_NAMESPACE: 'Plimsoll',
  EVENT_BUS_NAME: 'default',
  EVENT_RETENTION_DAYS: '90',
};

describe('the environment of a function', () => {
  it('is read with its numbers as numbers, and without what belongs to others', () => {
    const read = readEnvironment(sweepEnvironment, {
      ...sweep,
      PATH: '/bin',
      AWS_SECRET_ACCESS_KEY: 'secret',
    });
    expect(read).toEqual({ ...sweep, EVENT_RETENTION_DAYS: 90 });
  });

  it('is refused with the name of every variable that is missing or wrong, never with a value', () => {
    const wrong = { METRICS_NAMESPACE: 'Plimsoll', EVENT_BUS_NAME: '', EVENT_RETENTION_DAYS: 'secret' };
    let message = '';
    try {
      readEnvironment(sweepEnvironment, wrong);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('TABLE_NAME must be set');
    expect(message).toContain('EVENT_BUS_NAME must not be empty');
    expect(message).toContain('EVENT_RETENTION_DAYS must be a whole number from 1 to 99999');
    expect(message).not.toContain('secret');
  });

  it('takes no notifications for an answer: the topic may be absent', () => {
    const topic = 'arn:aws:sns:eu-west-1:111122223333:scaling';
    expect(readEnvironment(sweepEnvironment, sweep).TOPIC_ARN).toBeUndefined();
    expect(readEnvironment(sweepEnvironment, { ...sweep, TOPIC_ARN: topic }).TOPIC_ARN).toBe(topic);
  });

  it('has a schema for every function folder', () => {
    expect(Object.keys(FUNCTION_ENVIRONMENTS).sort()).toEqual([
      'alarm',
      'api',
      'relay',
      'settle',
      'sweep',
      'warm',
    ]);
  });
});
