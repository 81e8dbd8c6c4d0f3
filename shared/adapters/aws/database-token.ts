import { Signer } from '@aws-sdk/rds-signer';
import type { ClientPlace } from './client-options.ts';
import { translateSdkError } from './sdk-errors.ts';

/** Whom a token is for. */
export interface TokenFor {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/**
 * A password that IAM signs, good for 15 minutes: ask for one at every connection. No call is made for it.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export async function databaseToken(
  { host, port, user }: TokenFor,
  { region, credentials }: ClientPlace = {},
): Promise<string> {
  const place = {
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  try {
    return await new Signer({ hostname: host, port, username: user, ...place }).getAuthToken();
  } catch (error) {
    throw translateSdkError(error, `sign a token for the database user ${user}`);
  }
}
