import { ControllerError, type ControllerErrorCode } from '../../core/controller-error.ts';

/** What the SDK's exceptions, and those of Node's sockets below it, have in common. */
interface SdkFault {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly socketCode: string | undefined;
  readonly retryableTrait: { readonly throttling: boolean } | undefined;
}

interface Verdict {
  readonly code: ControllerErrorCode;
  readonly retryable: boolean;
}

const THROTTLED: Verdict = { code: 'throttled', retryable: true };
const CONFLICT: Verdict = { code: 'conflict', retryable: true };
const MISSING: Verdict = { code: 'target-missing', retryable: false };
const DENIED: Verdict = { code: 'denied', retryable: false };
const REJECTED: Verdict = { code: 'rejected', retryable: false };
const UNAVAILABLE: Verdict = { code: 'unavailable', retryable: true };

// The SDK's own list also has LimitExceededException: in ECS, EventBridge and DynamoDB that is a quota, which no wait cures.
const THROTTLING_NAMES =
  /^(Throttling|ThrottlingException|Throttled|ThrottledException|TooManyRequests|TooManyRequestsException|RequestLimitExceeded|RequestThrottled|RequestThrottledException|ProvisionedThroughputExceeded|ProvisionedThroughputExceededException|BandwidthLimitExceeded|PriorRequestNotComplete|SlowDown|EC2ThrottledException|KMSThrottling|KMSThrottlingException)$/;
const MISSING_NAMES =
  /^((ServiceNotFound|ClusterNotFound|ServiceNotActive)(Exception)?|DB(Instance|Cluster)NotFound(Fault)?|(ReplicationGroup|CacheCluster)NotFoundFault|TargetGroupNotFound(Exception)?|NoSuchHostedZone)$/;
// What is busy with something else, or a zone without room: the same call may succeed later.
const BUSY_NAMES =
  /^(InvalidDB(Instance|Cluster)State|InsufficientDBInstanceCapacity|Invalid(ReplicationGroup|CacheCluster)State|InsufficientCacheClusterCapacity)(Fault)?$/;
const DENIED_NAMES =
  /AccessDenied|Unauthorized|NotAuthorized|^AuthorizationError|^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|IncompleteSignature|MissingAuthenticationToken|SignatureDoesNotMatch|OptInRequired)|^CredentialsProviderError$/;
// Credentials refresh themselves: the next call carries new ones.
const EXPIRED_NAMES = /^(ExpiredToken|RequestExpired)/;
const NETWORK_CODES =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR_\w+)$/;
const TIMEOUT_NAMES = /^(TimeoutError|AbortError|RequestTimeout|RequestTimeoutException)$/;

/**
 * Names a fault of an AWS call for the caller; a {@link ControllerError} passes through as it is.
 *
 * The client has already retried what its retry mode covers, so `retryable` means: worth another try later.
 * A fault that fits no rule is `rejected`: a refusal that is met again in the next sweep costs a log line,
 * while an unknown fault that counts as passing would be retried for ever.
 *
 * @param what what was attempted, as a phrase that follows "could not": `resize ecs-service/prod/web to 5`.
 */
export function translateSdkError(error: unknown, what: string): ControllerError {
  if (error instanceof ControllerError) return error;
  const fault = faultOf(error);
  const { code, retryable } = verdictOn(fault);
  const detail = [fault.name, fault.message].filter((part) => part !== '').join(': ');
  return new ControllerError(code, `could not ${what}: ${detail}`, { retryable, cause: error });
}

function verdictOn(fault: SdkFault): Verdict {
  if (isThrottling(fault)) return THROTTLED;
  if (fault.name === 'ConditionalCheckFailedException') return CONFLICT;
  if (MISSING_NAMES.test(fault.name)) return MISSING;
  if (EXPIRED_NAMES.test(fault.name)) return { code: 'denied', retryable: true };
  if (DENIED_NAMES.test(fault.name)) return DENIED;
  if (isPassing(fault)) return UNAVAILABLE;
  return fault.status === 401 || fault.status === 403 ? DENIED : REJECTED;
}

const isThrottling = (fault: SdkFault): boolean =>
  fault.status === 429 || fault.retryableTrait?.throttling === true || THROTTLING_NAMES.test(fault.name);

const isPassing = (fault: SdkFault): boolean =>
  (fault.status ?? 0) >= 500 ||
  fault.retryableTrait !== undefined ||
  BUSY_NAMES.test(fault.name) ||
  TIMEOUT_NAMES.test(fault.name) ||
  NETWORK_CODES.test(fault.socketCode ?? '');

function faultOf(error: unknown): SdkFault {
  const fields = recordOf(error);
  const status = recordOf(fields['$metadata'])['httpStatusCode'];
  const trait = fields['$retryable'];
  return {
    name: textOf(fields['name']) ?? 'unknown error',
    message: textOf(fields['message']) ?? (typeof error === 'object' ? '' : String(error)),
    status: typeof status === 'number' ? status : undefined,
    socketCode: textOf(fields['code']) ?? textOf(recordOf(fields['cause'])['code']),
    retryableTrait:
      trait === undefined || trait === null
        ? undefined
        : { throttling: recordOf(trait)['throttling'] === true },
  };
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
