import { ServiceException } from '@smithy/core/client';

/**
 * An error that the client's package does not model, as services answer it: `ThrottlingException`, `InvalidAction` …
 * @param status HTTP status; 500 and above are the server's fault.
 */
export const awsError = (name: string, message: string, status = 400): ServiceException =>
  new ServiceException({
    name,
    message,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status },
  });
