import { ControllerError } from '../../core/controller-error.ts';

/** What a server is told who we are with. */
export interface RedisCredentials {
  /** Absent: the server's default user. */
  readonly username?: string;
  readonly password: string;
}

/** Where a server is and how to speak to it. */
export interface RedisPlace {
  /** The primary endpoint, or in cluster mode the configuration endpoint. */
  readonly host: string;
  readonly port: number;
  /** Cluster mode enabled: keys are spread over shards. */
  readonly cluster: boolean;
  /** TLS; `ca` is the PEM of an authority that Node does not know. Certificates are always checked. */
  readonly tls: { readonly ca?: string } | null;
  /** Asked before each connection, so that a token may be new each time. */
  readonly credentials?: () => Promise<RedisCredentials>;
}

/** What a URL says of IAM: the name of the cache that a token is for, and its user. */
export interface IamLogin {
  readonly cacheName: string;
  readonly user: string;
  readonly serverless: boolean;
}

/** A place as a URL names it; with `iam`, the caller makes the credentials. */
export interface NamedPlace {
  readonly place: RedisPlace;
  readonly iam: IamLogin | null;
}

const PARAMETERS = ['cluster', 'iam', 'serverless'];

/**
 * Reads `redis://` (plain) or `rediss://` (TLS) `[user[:password]@]host[:port][?cluster=true][&iam=CACHE-NAME[&serverless=true]]`.
 * @throws ControllerError `invalid` that never repeats the URL: it may hold a password.
 */
export function redisPlace(url: string): NamedPlace {
  const { protocol, hostname, port, username, password, pathname, searchParams } = parsed(url);
  if (protocol !== 'redis:' && protocol !== 'rediss:') throw invalid('must begin with redis:// or rediss://');
  if (hostname === '') throw invalid('must name a host');
  if (pathname !== '' && pathname !== '/')
    throw invalid('must not name a database: cluster mode has only one');
  const unknown = [...searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw invalid(`must have no parameter but ${PARAMETERS.join(', ')}`);
  const iam = iamLogin(searchParams, username, password, protocol === 'rediss:');
  const place: RedisPlace = {
    host: hostname,
    port: port === '' ? 6_379 : Number(port),
    cluster: searchParams.get('cluster') === 'true' || iam?.serverless === true,
    tls: protocol === 'rediss:' ? {} : null,
  };
  if (password === '') return { place, iam };
  const login = { password: decodeURIComponent(password), ...named(username) };
  return { place: { ...place, credentials: async () => login }, iam };
}

const named = (username: string) => (username === '' ? {} : { username: decodeURIComponent(username) });

// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html: IAM needs a user name and TLS.
function iamLogin(query: URLSearchParams, user: string, password: string, tls: boolean): IamLogin | null {
  const cacheName = query.get('iam');
  if (cacheName === null) return null;
  if (cacheName === '' || user === '')
    throw invalid('must name a cache (iam=…) and a user (user@host) for IAM');
  if (password !== '') throw invalid('must have no password with iam: tokens are made');
  if (!tls) throw invalid('must begin with rediss:// with iam: ElastiCache takes tokens over TLS only');
  return { cacheName, user: decodeURIComponent(user), serverless: query.get('serverless') === 'true' };
}

function parsed(url: string): URL {
  if (!URL.canParse(url)) throw invalid('is not a URL');
  return new URL(url);
}

const invalid = (problem: string): ControllerError =>
  new ControllerError('invalid', `The URL of the cache ${problem}, e.g. rediss://cache.example.com:6379.`, {
    retryable: false,
  });
