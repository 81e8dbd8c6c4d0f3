import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAccount, openLocalAccount } from '../../functions/local/local-account.ts';
import { Tally } from '../../functions/local/tally.ts';
import { instant, plusSeconds } from '../../shared/core/time.ts';
import { createPlant, type Plant } from '../../shared/simulation/plant.ts';
import type { Workload } from '../../shared/simulation/workload.ts';
import { aDocument, policyOf } from '../support/a-document.ts';
import { asked, type CurlRequest, curlOf } from './api-client.ts';
import { Child, run } from './child.ts';

const TIMEOUT = 60_000;
const DOCUMENT = aDocument();
/** Services grow from five tasks' worth of load to ten's, ten minutes before now. */
const start = plusSeconds(instant(Math.floor(Date.now() / 60_000) * 60_000), -900);
const workload: Workload = {
  start,
  end: plusSeconds(start, 86_400),
  loadAt: (at) => (at < plusSeconds(start, 300) ? 500 : 1000),
  percentile: () => 1000,
};

let folder = '';
let plant: Plant;
let account: LocalAccount;
const tally = new Tally();
let movement: NodeJS.Timeout;

/** What every AWS tool reads from its environment. */
const environment = () => ({
  AWS_ENDPOINT_URL: account.url,
  AWS_REGION: plant.identity.region,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});

const desired = (): number | undefined => plant.describeServices('prod', ['web'])[0]?.desired;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-endpoint-'));
  await writeFile(join(folder, 'web.yaml'), DOCUMENT);
  plant = createPlant({ policies: [policyOf(DOCUMENT)], workload, start, seed: 1, unitCapacity: 100 });
  account = await openLocalAccount(plant, tally);
  const move = () => plant.advanceTo(instant(Date.now()));
  move();
  movement = setInterval(move, 100);
});
afterAll(async () => {
  clearInterval(movement);
  await account.close();
  await rm(folder, { recursive: true, force: true });
});

describe('npm start with AWS_ENDPOINT_URL', () => {
  let child: Child;
  let curls: readonly CurlRequest[];
  beforeAll(async () => {
    expect(desired()).toBe(5);
    child = new Child(
      ['start', '--policies', folder, '--for', '1h', '--port', '0', '--headless'],
      environment(),
    );
    await child.line(/^ {2}curl -X POST /);
    curls = child
      .lines()
      .filter((line) => line.startsWith('  curl '))
      .map(curlOf);
  }, TIMEOUT);
  afterAll(() => child.kill());

  it(
    'looks at every target at once, and resizes the services of that account',
    async () => {
      expect(child.lines()[0]).toBe(
        `Plimsoll runs against ${account.url}, with the table plimsoll there, and asks 1 policy every minute.`,
      );
      const line = await child.line(/ScalingStarted/);
      // Twice what five tasks carry at 70 %, but no task can be busier than 100 %.
      expect(line).toMatch(/ {2}web {2}ScalingStarted 5 → 8 {2}CPU 100 % is above the target of 70 %/);
      // The intent is stored and told before the service is asked.
      await expect.poll(desired).toBe(8);
      expect(tally.report().awsCalls).toMatchObject({ CreateTable: 1, UpdateService: 1, GetMetricData: 1 });
    },
    TIMEOUT,
  );

  it('answers its API from the table of that account', async () => {
    const [health, events, scale] = curls;
    expect(await asked(health)).toMatchObject({ status: 200, body: { success: true } });
    expect(await asked(events)).toMatchObject({
      status: 200,
      body: { data: { events: [{ type: 'ScalingStarted', policy: 'web', from: 5, to: 8 }] } },
    });
    // The tasks are still starting: half a minute at least.
    expect(await asked(scale)).toMatchObject({ status: 409, body: { error: { code: 'in-flight' } } });
  });

  it('ends on Ctrl-C with a summary, and exits 0', async () => {
    const { code, stdout, stderr } = await child.interrupt();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/0 alarm changes, 1 request by hand, 1 resize, 1 hold\.\n$/);
    expect(stdout.split('\n').filter((line) => line.startsWith('!'))).toEqual([]);
  });

  it(
    'takes up the ledger that is there: the resize of the run before is still in flight',
    async () => {
      child = new Child(
        ['start', '--policies', folder, '--for', '1h', '--port', '0', '--json'],
        environment(),
      );
      const looks = () => tally.report().awsCalls['DescribeServices'] ?? 0;
      const before = looks();
      await expect.poll(looks, { timeout: 20_000 }).toBeGreaterThan(before);
      const { code, stdout } = await child.interrupt();
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        decisions: { resize: 0, hold: { 'resize-in-flight': 1 } },
        events: {},
      });
      expect(desired()).toBe(8);
    },
    TIMEOUT,
  );
});

describe('npm start with an environment that leads to no account', () => {
  it.each([
    ['a URL where nobody answers', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'ECONNREFUSED'],
    ['a URL that is none', { AWS_ENDPOINT_URL: 'localhost' }, 'Invalid URL'],
    ['an empty region', { AWS_REGION: '' }, 'Region not accepted'],
    ['no credentials', { AWS_SECRET_ACCESS_KEY: '' }, 'Could not load credentials'],
  ])(
    'names %s and the fix on the error stream, and exits 1',
    async (_, wrong, why) => {
      // Nothing of this machine may take the place of what is missing.
      const nowhere = { AWS_EC2_METADATA_DISABLED: 'true', HOME: folder };
      const env = { ...environment(), ...nowhere, ...wrong };
      const { code, stdout, stderr } = await run(
        `start --policies ${folder} --port 0 --headless`.split(' '),
        env,
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(
        `AWS_ENDPOINT_URL ${env.AWS_ENDPOINT_URL}: could not prepare the table plimsoll there: `,
      );
      expect(stderr).toContain(why);
      expect(stderr).toMatch(/\(correct the URL, AWS_REGION or the credentials in the environment\)\n$/);
      expect(stderr).not.toMatch(/^\s+at /m);
    },
    TIMEOUT,
  );
});
