import { describe, expect, it } from 'vitest';
import { redisPlace } from '../../../shared/adapters/redis/redis-place.ts';

describe('the URL of a cache', () => {
  it('names a server, a user and a password', async () => {
    const { place, iam } = redisPlace('redis://user:p%40ss@cache.example.com:6380');
    expect(place).toMatchObject({ host: 'cache.example.com', port: 6_380, cluster: false, tls: null });
    expect(await place.credentials?.()).toEqual({ username: 'user', password: 'p@ss' });
    expect(iam).toBeNull();
  });

  it('names a cluster with TLS and the usual port', async () => {
    const { place } = redisPlace('rediss://:secret@cache.example.com?cluster=true');
    expect(place).toMatchObject({ port: 6_379, cluster: true, tls: {} });
    expect(await place.credentials?.()).toEqual({ password: 'secret' });
    expect(redisPlace('rediss://cache.example.com').place.credentials).toBeUndefined();
  });

  it('names a cache for IAM', () => {
    const { iam } = redisPlace('rediss://warm@cache.example.com?iam=my-cache');
    expect(iam).toEqual({ cacheName: 'my-cache', user: 'warm', serverless: false });
    const { place } = redisPlace('rediss://warm@cache.example.com?iam=my-cache&serverless=true');
    expect(place.cluster).toBe(true);
  });

  it.each([
    ['secret', /is not a URL/],
    ['https://:secret@h', /redis:\/\/ or rediss:\/\//],
    ['rediss://:secret@h/3', /must not name a database/],
    ['rediss://:secret@h?clutser=true', /no parameter but cluster, iam, serverless/],
    ['rediss://h?iam=c', /name a cache \(iam=…\) and a user/],
    ['rediss://user@h?iam=', /name a cache/],
    ['rediss://user:secret@h?iam=c', /no password with iam/],
    ['redis://secret@h?iam=c', /over TLS only/],
  ])('is refused without repeating it: %s', (url, message) => {
    expect(() => redisPlace(url)).toThrow(
      expect.objectContaining({ code: 'invalid', message: expect.stringMatching(message) }),
    );
    expect(() => redisPlace(url)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
