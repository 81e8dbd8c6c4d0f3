import { AccountRefusal } from '../../../shared/simulation/account-refusal.ts';
import { awsError } from '../aws-endpoint/errors.ts';
import type { ModelledService, OperationHandler } from '../aws-endpoint/service.ts';

/** Lets a service answer with the exception that the simulated account refuses a call with; its model gives code and status. */
export function refusing(service: ModelledService): ModelledService {
  const handlers = [...service.handlers].map(
    ([operation, handler]) => [operation, guarded(handler)] as const,
  );
  return { ...service, handlers: new Map(handlers) };
}

const guarded =
  (handler: OperationHandler): OperationHandler =>
  async (input, context) => {
    try {
      return await handler(input, context);
    } catch (error) {
      throw error instanceof AccountRefusal ? asAnswered(error) : error;
    }
  };

/** Without a status of its own the model's counts. */
function asAnswered({ exception, message }: AccountRefusal): Error {
  const answer = awsError(exception, message);
  delete answer.$metadata.httpStatusCode;
  return answer;
}
