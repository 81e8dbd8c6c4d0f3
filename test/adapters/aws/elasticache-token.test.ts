import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { elasticacheToken, TOKEN_SECONDS } from '../../../shared/adapters/aws/elasticache-token.ts';

const NOW = new Date('2026-11-20T10:00:00.000Z');
const FOR = { cacheName: 'My-Cache', user: 'warm', serverless: false, region: 'eu-central-1' };
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret/key+1' };
const signedBy = async () => KEYS;

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Signature Version 4 of a presigned GET without a body, by hand. */
function signatureOf(host: string, query: URLSearchParams, secret: string): string {
  const pairs = [...query].filter(([name]) => name !== 'X-Amz-Signature');
  const canonical = pairs
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort();
  const request = ['GET', '/', canonical.join('&'), `host:${host}`, '', 'host', sha256('')].join('\n');
  const scope = '20261120/eu-central-1/elasticache/aws4_request';
  const toSign = ['AWS4-HMAC-SHA256', '20261120T100000Z', scope, sha256(request)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((signing, part) => hmac(signing, part), `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
}

describe('a token for ElastiCache', () => {
  it('is a presigned request to connect, without its scheme, for a quarter of an hour', async () => {
    const token = await elasticacheToken(FOR, signedBy, NOW);
    const url = new URL(`http://${token}`);
    expect([url.host, url.pathname]).toEqual(['my-cache', '/']);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      Action: 'connect',
      User: 'warm',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261120/eu-central-1/elasticache/aws4_request',
      'X-Amz-Date': '20261120T100000Z',
      'X-Amz-Expires': String(TOKEN_SECONDS),
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': signatureOf('my-cache', url.searchParams, KEYS.secretAccessKey),
    });
    expect(TOKEN_SECONDS).toBe(900);
    expect(token).not.toContain(KEYS.secretAccessKey);
  });

  it('names the kind of a serverless cache, and the session of a role', async () => {
    const role = async () => ({ ...KEYS, sessionToken: 'session/+=' });
    const url = new URL(`http://${await elasticacheToken({ ...FOR, serverless: true }, role, NOW)}`);
    expect(url.searchParams.get('ResourceType')).toBe('ServerlessCache');
    expect(url.searchParams.get('X-Amz-Security-Token')).toBe('session/+=');
    expect(url.searchParams.get('X-Amz-Signature')).toBe(
      signatureOf('my-cache', url.searchParams, KEYS.secretAccessKey),
    );
  });

  it('is refused as denied without credentials', async () => {
    const nobody = () =>
      Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }));
    await expect(elasticacheToken(FOR, nobody, NOW)).rejects.toMatchObject({ code: 'denied' });
  });
});
