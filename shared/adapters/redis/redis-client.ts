import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisCredentials, RedisPlace } from './redis-place.ts';

/** A client of one server or of a cluster. */
export type RedisClient = Redis | Cluster;

type NodeOptions = Pick<RedisOptions, 'connectTimeout' | 'maxRetriesPerRequest' | 'reconnectOnError' | 'tls'>;

/** Milliseconds until a connection is given up. */
const CONNECT_MILLIS = 2_000;
const FIRST_PAUSE_MILLIS = 50;
const LONGEST_PAUSE_MILLIS = 5_000;

/**
 * A client that connects with its first command and reconnects by itself, after pauses that double to 5 s. Commands that were under
 * way when a connection broke are sent once more, in their order, and fail if that fails: each may be done twice without harm, but a
 * lock that was taken by the first may be refused to the second.
 */
export function redisClient({ host, port, cluster, tls, credentials }: RedisPlace): RedisClient {
  const options = {
    connectTimeout: CONNECT_MILLIS,
    maxRetriesPerRequest: 1,
    // A server that does not know us yet, or has become a replica: a new connection asks for new credentials and the new primary.
    reconnectOnError: ({ message }) => /^(NOAUTH|READONLY)/.test(message),
    ...(tls === null ? {} : { tls }),
  } satisfies NodeOptions;
  const client = cluster ? clusterClient(host, port, options) : serverClient(host, port, options);
  if (credentials !== undefined) {
    if (client instanceof Redis) loginAnew(client, credentials);
    else client.on('+node', (node: Redis) => loginAnew(node, credentials));
  }
  // Each command tells its own caller; without a listener the client would print.
  client.on('error', () => {});
  return client;
}

const serverClient = (host: string, port: number, options: NodeOptions): Redis =>
  new Redis({ ...options, host, port, lazyConnect: true, enableAutoPipelining: true, retryStrategy: pause });

const clusterClient = (host: string, port: number, redisOptions: NodeOptions): Cluster =>
  new Cluster([{ host, port }], {
    redisOptions,
    // A look-up would turn names into addresses, which no certificate has.
    dnsLookup: (address, found) => found(null, address),
    lazyConnect: true,
    enableAutoPipelining: true,
    clusterRetryStrategy: pause,
    slotsRefreshTimeout: CONNECT_MILLIS,
  });

const pause = (times: number): number => {
  const millis = Math.min(FIRST_PAUSE_MILLIS * 2 ** Math.min(times, 10), LONGEST_PAUSE_MILLIS);
  return millis * (0.75 + Math.random() / 4);
};

/**
 * Asks for credentials before each connection. The client has no such hook, and reads its options when it connects. Without an
 * answer it tries those of last time: the server's refusal is what the caller hears, and the next connection asks again.
 */
function loginAnew(redis: Redis, credentials: () => Promise<RedisCredentials>): void {
  const connect = redis.connect.bind(redis);
  // Commands that wait for the first connection note the database that they are for.
  Object.assign(redis, { condition: { select: redis.options.db } });
  let connecting: Promise<void> | null = null;
  const loggedIn = async (): Promise<void> => {
    const login = await credentials().catch(() => null);
    if (redis.status === 'end') throw new Error('Connection is closed.');
    if (login !== null) Object.assign(redis.options, { username: undefined, ...login });
    await connect();
  };
  redis.connect = () => {
    connecting ??= loggedIn().finally(() => {
      connecting = null;
    });
    return connecting;
  };
}
