import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisCacheStore } from '../../../shared/adapters/redis/redis-cache-store.ts';
import type { RedisCredentials, RedisPlace } from '../../../shared/adapters/redis/redis-place.ts';
import { cacheStoreContract } from '../../contracts/cache-store.contract.ts';
import {
  ask,
  type RedisServer,
  startRedis,
  startRedisCluster,
  stopRedis,
  withPrograms,
} from '../../support/redis-server.ts';

const PLAIN = { host: '127.0.0.1', cluster: false, tls: null } as const;
const stores: RedisCacheStore[] = [];
const open = (place: RedisPlace, options = {}): RedisCacheStore => {
  const store = new RedisCacheStore(place, options);
  stores.push(store);
  return store;
};
const pass = (seconds: number): Promise<void> => pause(seconds * 1_000);

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await stopRedis();
});

withPrograms(['redis-server'], 'a server alone', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });

  describe('keeps the contract of a cache server', () => {
    let store: RedisCacheStore | null = null;
    cacheStoreContract(async () => {
      store ??= open({ ...PLAIN, port: server.port });
      return { store, pass };
    });
  });

  it('is not connected to before the first command', async () => {
    const store = new RedisCacheStore({ ...PLAIN, port: 1 });
    await store.close();
  });

  it('says unavailable, soon, when there is nobody', async () => {
    const store = open({ ...PLAIN, port: 1 }, { commandMillis: 400 });
    await expect(store.get('k')).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('says unavailable when the server is stopped, and is back by itself', async () => {
    const own = await startRedis();
    const store = open({ ...PLAIN, port: own.port }, { commandMillis: 500 });
    await store.ping();
    await own.kill();
    await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable' });
    await own.start();
    await expect
      .poll(
        () =>
          store.ping().then(
            () => 'up',
            () => 'down',
          ),
        { timeout: 10_000 },
      )
      .toBe('up');
  });

  it('passes on that the server is full, as a refusal', async () => {
    const own = await startRedis(['--maxmemory', '1mb', '--maxmemory-policy', 'noeviction']);
    const store = open({ ...PLAIN, port: own.port });
    const large = store.set({ key: 'k', value: Buffer.alloc(2_000_000), ttlSeconds: 60 });
    await expect(
      large.then(() => store.set({ key: 'l', value: Buffer.alloc(9), ttlSeconds: 60 })),
    ).rejects.toMatchObject({ code: 'rejected', retryable: false });
  });
});

withPrograms(['redis-server', 'redis-cli'], 'a server with users', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis(['--requirepass', 'the-default-password']);
    const admin = ['--no-auth-warning', '-a', 'the-default-password'];
    ask(server.port, [...admin, 'acl', 'setuser', 'warm', 'on', '>first-token', '~*', '+@all', '-acl']);
  });
  const as = (credentials: () => Promise<RedisCredentials>): RedisCacheStore =>
    open({ ...PLAIN, port: server.port, credentials });

  it('lets the default user in by password alone, and another by name', async () => {
    await as(async () => ({ password: 'the-default-password' })).ping();
    await as(async () => ({ username: 'warm', password: 'first-token' })).ping();
  });

  it('refuses a wrong password as denied, and no secret is in the error', async () => {
    const store = as(async () => ({ username: 'warm', password: 'a-wrong-secret' }));
    const error: unknown = await store.ping().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'denied', retryable: false });
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('a-wrong-secret');
  });

  it('asks for new credentials with each connection, so a token may end', async () => {
    let token = 'first-token';
    let asked = 0;
    const store = as(async () => {
      asked += 1;
      return { username: 'warm', password: token };
    });
    await Promise.all([store.ping(), store.ping(), store.get('k')]);
    expect(asked).toBe(1);
    const admin = ['--no-auth-warning', '-a', 'the-default-password'];
    ask(server.port, [...admin, 'acl', 'setuser', 'warm', 'resetpass', '>second-token']);
    token = 'second-token';
    ask(server.port, [...admin, 'client', 'kill', 'user', 'warm']);
    await expect
      .poll(
        () =>
          store.ping().then(
            () => 'in',
            () => 'out',
          ),
        { timeout: 10_000 },
      )
      .toBe('in');
    expect(asked).toBeGreaterThan(1);
  });

  it('comes back from credentials that were wrong', async () => {
    let password = 'not-yet';
    const store = as(async () => ({ password }));
    await expect(store.ping()).rejects.toMatchObject({ code: 'denied' });
    password = 'the-default-password';
    await expect
      .poll(
        () =>
          store.ping().then(
            () => 'in',
            () => 'out',
          ),
        { timeout: 10_000 },
      )
      .toBe('in');
  });

  it('hears of a source of credentials that fails as denied', async () => {
    const store = as(() => Promise.reject(new Error('no role')));
    await expect(store.ping()).rejects.toMatchObject({ code: 'denied' });
  });
});

withPrograms(['redis-server', 'openssl'], 'a server with TLS', () => {
  let folder = '';
  let server: RedisServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-tls-'));
    const file = (name: string): string => join(folder, name);
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', file('key.pem'), '-out', file('cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...subject], { stdio: 'ignore' });
    const files = [
      '--tls-cert-file',
      file('cert.pem'),
      '--tls-key-file',
      file('key.pem'),
      '--tls-ca-cert-file',
      file('cert.pem'),
    ];
    const { freePort } = await import('../../support/redis-server.ts');
    const port = await freePort();
    server = await startRedis(
      ['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no', ...files],
      port,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is spoken to when its authority is known', async () => {
    const tls = { ca: readFileSync(join(folder, 'cert.pem'), 'utf8') };
    const store = open({ host: 'localhost', port: server.port, cluster: false, tls });
    await store.set({ key: 'k', value: Buffer.from('v'), ttlSeconds: 60 });
    expect(Buffer.from((await store.get('k')) ?? []).toString()).toBe('v');
  });

  it('is not spoken to when its authority is unknown', async () => {
    const store = open(
      { host: 'localhost', port: server.port, cluster: false, tls: {} },
      { commandMillis: 1_000 },
    );
    await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

withPrograms(['redis-server', 'redis-cli'], 'a cluster', () => {
  let port = 0;
  beforeAll(async () => {
    port = await startRedisCluster();
  });

  describe('keeps the contract of a cache server', () => {
    let store: RedisCacheStore | null = null;
    cacheStoreContract(async () => {
      store ??= open({ ...PLAIN, cluster: true, port });
      return { store, pass };
    });
  });

  it('counts every primary', async () => {
    const store = open({ ...PLAIN, cluster: true, port });
    expect(await store.info()).toMatchObject({ nodes: 3 });
  });

  it('says unavailable, soon, when there is nobody', async () => {
    const store = open({ ...PLAIN, cluster: true, port: 1 }, { commandMillis: 400 });
    await expect(store.get('k')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
