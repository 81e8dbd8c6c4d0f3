import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveLocalApi } from '../../../../functions/local/local-api.ts';
import { runExplain } from '../../../../functions/local/receipts/explain.ts';
import { parseReceiptOptions } from '../../../../functions/local/receipts/options.ts';
import { runReplay } from '../../../../functions/local/receipts/replay.ts';
import { plusSeconds } from '../../../../shared/core/time.ts';
import { aPolicy } from '../../../support/a-policy.ts';
import { aReceipt } from '../../../support/a-receipt.ts';
import { AWorld } from '../../../support/a-world.ts';
import { APaper } from './a-paper.ts';

async function aController(receipts: number): Promise<string> {
  const world = new AWorld([aPolicy()]);
  for (let minute = 0; minute < receipts; minute += 1)
    await world.receipts.put(aReceipt({ id: `at-${minute}`, now: plusSeconds(world.now, minute * 60) }));
  const api = await serveLocalApi(world.deps, 0, '1.2.3');
  onTestFinished(() => api.close());
  return api.url;
}

async function run(command: 'explain' | 'replay', ...args: readonly string[]) {
  const paper = new APaper();
  const options = parseReceiptOptions(command, ['id', 'url', 'target', 'json'], args);
  const code = await (command === 'explain' ? runExplain : runReplay)(options, paper);
  return { code, text: paper.text };
}

describe('receipts from a running controller', () => {
  it('are read page by page', async () => {
    const url = await aController(130);
    expect(await run('replay', '--url', url, '--target', 'web')).toEqual({
      code: 0,
      text: '130 receipts decided again: 130 the same, 0 different.',
    });
  });

  it('begin with the newest', async () => {
    const url = await aController(3);
    expect((await run('explain', '--url', url, '--target', 'web')).text).toContain('decision at-2');
    expect((await run('explain', '--url', url, '--target', 'web', '--id', 'at-0')).text).toContain(
      'decision at-0',
    );
  });

  it('are refused with the words of the controller, or with a hint where none answers', async () => {
    const url = await aController(0);
    await expect(run('replay', '--url', url, '--target', 'nobody')).rejects.toThrow(
      /: No policy names the target "nobody": use the name of a policy \(web\)/,
    );
    await expect(run('replay', '--url', 'http://127.0.0.1:9', '--target', 'web')).rejects.toThrow(
      'http://127.0.0.1:9: no controller answers there (start one with npm start, or correct --url)',
    );
  });

  it('are refused where somebody else answers', async () => {
    const server = createServer((_, response) => response.end('{"hello":"world"}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    await expect(run('replay', '--url', `http://127.0.0.1:${port}`, '--target', 'web')).rejects.toThrow(
      'the answer is not that of a controller (correct --url)',
    );
  });
});
