import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpSource } from '../../../shared/adapters/http/http-source.ts';
import type { HttpItem } from '../../../shared/core/warm-plan.ts';
import { anHttpItem } from '../../support/a-warm-plan.ts';

let server: Server;
let base = '';
const seen: { readonly url: string; readonly token: string | undefined }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = request.url ?? '';
    seen.push({ url, token: request.headers['x-token'] as string | undefined });
    if (url === '/moved') response.writeHead(302, { Location: '/1' }).end();
    else if (url === '/large') response.end('x'.repeat(5000));
    else if (url === '/hangs') return;
    else response.end(`{"at":"${url}"}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function answers(item: Partial<HttpItem>) {
  const source = httpSource(anHttpItem(item), { headers: { 'x-token': 'abc' }, valueBytes: 1000 });
  const page = await source.page(null, 10);
  if (page.kind !== 'page') throw new Error(page.detail);
  return Promise.all(page.rows.map((row) => source.ask?.(row)));
}

describe('a source of HTTP answers', () => {
  it('fills its URL in for every row, escaped, with the headers of its secret', async () => {
    const list = [{ id: 'a/b' }, { id: 2 }];
    expect(await answers({ url: `${base}/{id}`, list, codec: 'json' })).toEqual([
      { kind: 'value', value: { at: '/a%2Fb' } },
      { kind: 'value', value: { at: '/2' } },
    ]);
    expect(seen.at(-1)?.token).toBe('abc');
  });

  it('hands bodies over as they are', async () => {
    const [answer] = await answers({ url: null, list: [{ url: `${base}/7` }], codec: 'raw' });
    expect(answer?.kind === 'value' && Buffer.from(answer.value as Uint8Array).toString()).toBe(
      '{"at":"/7"}',
    );
  });

  it('says what is wrong without the URL: another status, too many bytes, no answer, nobody there', async () => {
    const one = async (path: string, item: Partial<HttpItem> = {}) =>
      (
        await answers({ url: null, list: [{ url: path.startsWith('/') ? `${base}${path}` : path }], ...item })
      )[0];
    expect(await one('/moved')).toMatchObject({
      fault: 'source',
      detail: 'A request was answered with 302, not 200.',
    });
    expect(await one('/large')).toMatchObject({ fault: 'value-too-large' });
    expect(await one('/hangs', { timeoutSeconds: 0.1 })).toMatchObject({ fault: 'timeout' });
    expect(await one('http://127.0.0.1:1/')).toMatchObject({ fault: 'source' });
  });

  it('reads its list in pages', async () => {
    const source = httpSource(anHttpItem({ list: [{ id: 1 }, { id: 2 }, { id: 3 }] }), {
      headers: {},
      valueBytes: 1,
    });
    const first = await source.page(null, 2);
    expect(first).toMatchObject({ next: '2' });
    expect(await source.page('2', 2)).toMatchObject({ rows: [{ id: 3 }], next: null });
  });
});
