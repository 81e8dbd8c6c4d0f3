import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { elasticacheToken } from '../../shared/adapters/aws/elasticache-token.ts';
import { RedisCacheStore } from '../../shared/adapters/redis/redis-cache-store.ts';
import { redisPlace } from '../../shared/adapters/redis/redis-place.ts';
import type { CacheStore } from '../../shared/ports/cache-store.ts';

/** A client of the SDK, for its credentials and its region. */
type AwsClient = Pick<DynamoDBDocumentClient, 'config'>;

/**
 * The server that a URL names; no connection is made yet. Where the URL asks for IAM, each connection logs in with a token made from
 * the credentials of `aws`. Loaded only where a server is configured.
 * @throws ControllerError `invalid` when the URL cannot be one.
 */
export function connectCacheServer(url: string, aws: AwsClient): CacheStore {
  const { place, iam } = redisPlace(url);
  if (iam === null) return new RedisCacheStore(place);
  const { credentials, region } = aws.config;
  const login = async () => ({
    username: iam.user,
    password: await elasticacheToken({ ...iam, region: await region() }, credentials, new Date()),
  });
  return new RedisCacheStore({ ...place, credentials: login });
}
