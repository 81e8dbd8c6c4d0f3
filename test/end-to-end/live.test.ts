import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { aDocument } from '../support/a-document.ts';
import { type Answer, asked, type CurlRequest, curlOf, send } from './api-client.ts';
import { Child, run } from './child.ts';

describe('npm start', () => {
  const SECONDS_TO_THE_FIRST_RESIZE = 30;
  const TIMEOUT = 60_000;
  let child: Child;
  let curls: readonly CurlRequest[];
  beforeAll(async () => {
    child = new Child(['start', '--headless', '--port', '0']);
    await child.line(/^ {2}curl -X POST /);
    curls = child
      .lines()
      .filter((line) => line.startsWith('  curl '))
      .map(curlOf);
  }, TIMEOUT);
  afterAll(() => child.kill());

  it('says what it replays, against which policies, and where the API is', () => {
    expect(child.lines().slice(0, 5)).toEqual([
      'Plimsoll replays "World Cup 1998 web site, 23 June: two matches in the evening" at 60× against 3 policies:',
      '  api: ecs-service/prod/api, 3..40, 2 alarms',
      '  checkout: ecs-service/prod/checkout, 2..12, 2 alarms',
      '  web: ecs-service/prod/web, 2..20, 2 alarms',
      expect.stringMatching(/^API http:\/\/127\.0\.0\.1:\d+$/),
    ]);
  });

  it(
    'shows the first resize, with its arithmetic, within half a minute',
    async () => {
      const line = await child.line(/ScalingStarted/, SECONDS_TO_THE_FIRST_RESIZE);
      expect(line).toMatch(
        /^\d\d:\d\d:\d\d {2}\w+ {2}ScalingStarted \d+ → \d+ {2}CPU [\d.]+ % is above the target of \d+ %: \d+ × [\d.]+ \/ \d+ = [\d.]+, so \d+\./,
      );
    },
    TIMEOUT,
  );

  it('prints three requests that work as they stand', async () => {
    const [health, events, scale] = curls;
    expect(curls).toHaveLength(3);
    expect(await asked(health)).toMatchObject({ status: 200, body: { success: true } });
    expect(await asked(events)).toMatchObject({
      status: 200,
      body: { success: true, data: { events: expect.any(Array) } },
    });

    const accepted = await sentUntilAccepted(scale);
    expect(accepted).toMatchObject({
      success: true,
      data: { event: { policy: 'web', to: 11, cause: 'manual', owner: 'local' } },
    });
    const { id } = eventIn(accepted);
    const page = await send({ url: baseOf(events), method: 'GET', headers: {}, body: undefined });
    expect(JSON.stringify(page.body)).toContain(id);
  });

  it('refuses a second size while the first is on its way, and one outside the bounds', async () => {
    const [, , scale] = curls;
    const to = (service: string, instances: number) =>
      asked({ ...required(scale), body: JSON.stringify({ service, instances, reason: 'a test' }) });
    // At once, so that neither is settled before the other is asked; on a starved machine that may take a few tries.
    let answers: readonly Answer[] = [];
    for (let attempt = 0; attempt < 20 && !answers.some(({ status }) => status === 409); attempt += 1) {
      answers = await Promise.all([to('checkout', 11 - (attempt % 2)), to('checkout', 8 + (attempt % 2))]);
    }
    expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      success: false,
      error: {
        code: 'in-flight',
        message: expect.stringMatching(/has not settled yet\. Ask again when it has/),
      },
    });
    expect(await to('checkout', 13)).toMatchObject({
      status: 422,
      body: { error: { code: 'outside-bounds', details: { bound: 'max', max: 12 } } },
    });
    expect(await to('nobody', 3)).toMatchObject({ status: 404, body: { error: { code: 'unknown-target' } } });
  });

  it('ends on Ctrl-C with a summary, and exits 0', async () => {
    const { code, stdout, stderr } = await child.interrupt();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').filter((line) => line.startsWith('!'))).toEqual([]);
    const summary = stdout.trimEnd().split('\n').slice(-4);
    expect(summary[0]).toMatch(
      /^\d\.\d h replayed in [\d.]+ s: \d+ alarm changes, \d+ requests? by hand, \d+ resizes, \d+ holds\.$/,
    );
    expect(summary.slice(1).map((line) => line.trim().split(/\s+/)[0])).toEqual(['api', 'checkout', 'web']);
  });
});

/** Sends until nothing is in flight any more. */
async function sentUntilAccepted(request: CurlRequest | undefined): Promise<unknown> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const { status, body } = await asked(request);
    if (status === 202) return body;
    expect({ status, body }).toMatchObject({ status: 409 });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('it was never accepted');
}

const required = (request: CurlRequest | undefined): CurlRequest => {
  if (request === undefined) throw new Error('there is no such request');
  return request;
};

const baseOf = (request: CurlRequest | undefined): string =>
  required(request).url.replace(/\?.*/, '?limit=100');

const eventIn = (body: unknown): { readonly id: string } =>
  (body as { readonly data: { readonly event: { readonly id: string } } }).data.event;

describe('npm start with something wrong', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-start-'));
    const rows = (...values: readonly string[]) => ['epoch_seconds,value', ...values, ''].join('\n');
    await writeFile(join(folder, 'gap.csv'), rows('60,1', '120,2', '300,3'));
    await writeFile(join(folder, 'text.csv'), rows('60,1', '120,many', '180,3'));
    await writeFile(join(folder, 'bad.yaml'), aDocument({ bounds: '{ min: 9, max: 3 }' }));
    await writeFile(join(folder, 'two.yaml'), aDocument({ cooldowns: '{ outSeconds: -1 }' }, 'api'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** What a person reads on the error stream; nothing else may happen. */
  async function refusalOf(options: string): Promise<string> {
    const args = options.replaceAll('FOLDER', folder).split(' ');
    const { code, stdout, stderr } = await run(['start', '--headless', '--port', '0', ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).not.toMatch(/^\s+at /m);
    return stderr.replaceAll(`${folder}/`, '').trimEnd();
  }

  it.each([
    ['--speed fast', '--speed fast: write a factor such as 60, or max'],
    ['--speed 0', '--speed 0: write a factor above 0 and up to 3600, or max'],
    ['--sped 60', '--sped: is not an option; npm start -- --help lists them'],
    ['web', 'web: belongs to no option; write --name value'],
    ['--port 65536', '--port 65536: write a port from 0 to 65535'],
    [
      '--for 1h30 --seed x',
      '--for 1h30: write a number and a unit, such as 90m, 24h or 2d\n--seed x: write a whole number, 0 or more',
    ],
    [
      '--trace nobody.csv',
      'nobody.csv: cannot be read (name a CSV file, or a trace that comes with Plimsoll: wc98, nasa)',
    ],
    [
      '--trace FOLDER/gap.csv',
      'gap.csv:4: 300 leaves a gap of 2 × 60 s before it (add 180 and what follows, or cut the trace there)',
    ],
    [
      '--trace FOLDER/text.csv',
      'text.csv:3: "many" is not a number (write the load of that step, such as 5175)',
    ],
    [
      '--from 400h --for 300h',
      '--from 400h --for 300h: the trace ends at 480h (write --for 80h, or --from 180h)',
    ],
  ])('refuses %s with the place and the fix', async (options, message) => {
    expect(await refusalOf(options)).toBe(message);
  });

  it('lists every problem of a folder of policies', async () => {
    const [head, ...problems] = (await refusalOf('--policies FOLDER')).split('\n');
    expect(head).toBe('2 problems in the policies:');
    expect(problems).toEqual([
      expect.stringMatching(/^bad\.yaml:6:18 spec\.bounds\.min: 9 is more than max 3 \(.+\)$/),
      expect.stringMatching(/^two\.yaml:\d+:\d+ spec\.cooldowns\.outSeconds: -1 .+\(.+\)$/),
    ]);
  });

  it('says which port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.close();
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await refusalOf(`--port ${port}`)).toMatch(
      new RegExp(
        `^--port ${port}: cannot be used \\(.*EADDRINUSE.*\\): choose another, or 0 for a free one$`,
      ),
    );
  });
});
