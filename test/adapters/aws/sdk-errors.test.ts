import { describe, expect, it } from 'vitest';
import { translateSdkError } from '../../../shared/adapters/aws/sdk-errors.ts';
import { ControllerError } from '../../../shared/core/controller-error.ts';

const fault = (name: string, extra: object = {}): Error =>
  Object.assign(new Error(`${name} happened`), { name, ...extra });
const status = (httpStatusCode: number): object => ({ $metadata: { httpStatusCode } });

describe('translating a fault of the SDK', () => {
  it.each([
    ['ThrottlingException', status(400), 'throttled', true],
    ['RequestLimitExceeded', status(503), 'throttled', true],
    ['ProvisionedThroughputExceededException', status(400), 'throttled', true],
    ['Anything', { $retryable: { throttling: true } }, 'throttled', true],
    ['Anything', status(429), 'throttled', true],
    ['ConditionalCheckFailedException', status(400), 'conflict', true],
    ['ServiceNotFoundException', status(400), 'target-missing', false],
    ['ClusterNotFoundException', status(400), 'target-missing', false],
    ['ServiceNotActiveException', status(400), 'target-missing', false],
    ['TargetGroupNotFoundException', status(400), 'target-missing', false],
    ['NoSuchHostedZone', status(404), 'target-missing', false],
    ['DBInstanceNotFoundFault', status(404), 'target-missing', false],
    ['DBClusterNotFoundFault', status(404), 'target-missing', false],
    ['InvalidDBInstanceStateFault', status(400), 'unavailable', true],
    ['InvalidDBClusterState', status(400), 'unavailable', true],
    ['InsufficientDBInstanceCapacityFault', status(400), 'unavailable', true],
    ['AccessDeniedException', status(400), 'denied', false],
    ['AccessDenied', status(403), 'denied', false],
    ['AuthorizationErrorException', status(403), 'denied', false],
    ['UnrecognizedClientException', status(400), 'denied', false],
    ['CredentialsProviderError', {}, 'denied', false],
    ['ExpiredTokenException', status(403), 'denied', true],
    ['SomethingElse', status(403), 'denied', false],
    ['ValidationException', status(400), 'rejected', false],
    ['InvalidParameterException', status(400), 'rejected', false],
    ['InvalidParameterValueException', status(400), 'rejected', false],
    ['LimitExceededException', status(400), 'rejected', false],
    ['ServerException', status(500), 'unavailable', true],
    ['ServiceUnavailableException', status(503), 'unavailable', true],
    ['TimeoutError', {}, 'unavailable', true],
    ['AggregateError', { code: 'ECONNREFUSED' }, 'unavailable', true],
    ['Error', { code: 'ENOTFOUND' }, 'unavailable', true],
    ['TypeError', { cause: { code: 'ECONNRESET' } }, 'unavailable', true],
    ['InternalError', { $retryable: {} }, 'unavailable', true],
    ['NobodyKnows', {}, 'rejected', false],
    ['TypeError', {}, 'rejected', false],
  ] as const)('takes %s %j for %s, retryable %s', (name, extra, code, retryable) => {
    expect(translateSdkError(fault(name, extra), 'look')).toMatchObject({ code, retryable });
  });

  it('says what was attempted and what AWS answered, and keeps the cause', () => {
    const cause = fault('ServiceNotFoundException', status(400));

    const error = translateSdkError(cause, 'resize ecs-service/prod/web to 5');

    expect(error.message).toBe(
      'could not resize ecs-service/prod/web to 5: ServiceNotFoundException: ServiceNotFoundException happened',
    );
    expect(error.cause).toBe(cause);
  });

  it('passes its own errors through', () => {
    const own = new ControllerError('rejected', 'no', { retryable: false });
    expect(translateSdkError(own, 'look')).toBe(own);
  });

  it.each([['a string'], [undefined], [null], [42], [Object.create(null)]])(
    'survives %j being thrown',
    (thrown) => {
      expect(translateSdkError(thrown, 'look')).toMatchObject({ code: 'rejected', retryable: false });
    },
  );
});
