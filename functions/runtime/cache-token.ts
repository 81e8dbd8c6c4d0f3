import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientOptions } from '../../shared/adapters/aws/client-options.ts';
import { elasticacheToken } from '../../shared/adapters/aws/elasticache-token.ts';

/** A password that IAM signs for a user of a cache; any client of the SDK knows the credentials and the region. */
export async function cacheToken({
  cacheName,
  user,
}: {
  readonly cacheName: string;
  readonly user: string;
}): Promise<string> {
  const { credentials, region } = new DynamoDBClient(clientOptions()).config;
  return elasticacheToken(
    { cacheName, user, serverless: false, region: await region() },
    credentials,
    new Date(),
  );
}
