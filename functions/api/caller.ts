import type { Context } from 'hono';

/** What API Gateway says of a call (payload format 2.0); which authorizer there is, a deployment decides. */
interface CallContext {
  readonly requestId: string;
  readonly authorizer?: {
    readonly iam?: { readonly userArn: string };
    readonly jwt?: { readonly claims: Readonly<Record<string, unknown>> };
  };
}

const callContext = (c: Context): CallContext =>
  (c.env as { readonly requestContext: CallContext }).requestContext;

/** Who calls: the ARN of the IAM identity, or the subject of a token. */
export function callerOf(c: Context): string {
  const { authorizer } = callContext(c);
  const subject = authorizer?.jwt?.claims['sub'];
  return authorizer?.iam?.userArn ?? (typeof subject === 'string' ? subject : 'unauthenticated');
}

/** The id that API Gateway gave the request: the one that its access log has. */
export const requestIdOf = (c: Context): string => callContext(c).requestId;
