import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { translateSdkError } from './sdk-errors.ts';

/** AWS credentials as a client of the SDK has them: `client.config.credentials`. */
type AwsCredentials = () => Promise<{
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}>;

/** Who logs in where. */
export interface TokenFor {
  /** The id of the replication group or the name of the serverless cache, not its endpoint. */
  readonly cacheName: string;
  /** The ElastiCache user; its name and its id must be the same. */
  readonly user: string;
  readonly serverless: boolean;
  readonly region: string;
}

/** Seconds that a token may be used to log in. A connection stays for up to 12 hours. */
export const TOKEN_SECONDS = 900;

/**
 * A password for ElastiCache made from AWS credentials: a request to `connect`, presigned with Signature Version 4, without its
 * scheme. No call is made. https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 * @throws ControllerError `denied` when there are no credentials.
 */
export async function elasticacheToken(
  { cacheName, user, serverless, region }: TokenFor,
  credentials: AwsCredentials,
  now: Date,
): Promise<string> {
  const host = cacheName.toLowerCase();
  const signer = new SignatureV4({ service: 'elasticache', region, credentials, sha256: Sha256 });
  const query = {
    Action: 'connect',
    User: user,
    ...(serverless ? { ResourceType: 'ServerlessCache' } : {}),
  };
  const request = new HttpRequest({
    method: 'GET',
    protocol: 'http:',
    hostname: host,
    path: '/',
    query,
    headers: { host },
  });
  try {
    const signed = await signer.presign(request, { expiresIn: TOKEN_SECONDS, signingDate: now });
    return `${host}/?${queryText(signed.query ?? {})}`;
  } catch (error) {
    throw translateSdkError(error, `make a token for the cache ${cacheName}`);
  }
}

const queryText = (query: Readonly<Record<string, unknown>>): string =>
  Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
