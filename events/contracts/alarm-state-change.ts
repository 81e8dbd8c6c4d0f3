import * as z from 'zod/mini';
import { awsTime, eventBridgeEvent, name } from './event-bridge.ts';

const STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;

const value = z.enum(STATES, `must be one of ${STATES.join(', ')}`);

const detail = z.object(
  {
    alarmName: name,
    state: z.object({ value, timestamp: awsTime }, 'must be an object with value and timestamp'),
  },
  'must be an object with alarmName and state',
);

/**
 * A CloudWatch alarm that changed its state, whether it watches one metric, an expression or other alarms: the three
 * differ in `configuration` and in what they say about the previous state, and nothing is decided by either.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export const alarmStateChange = eventBridgeEvent('aws.cloudwatch', ['CloudWatch Alarm State Change'], detail);
