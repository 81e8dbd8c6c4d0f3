import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalApi, serveLocalApi } from '../../../functions/local/local-api.ts';
import { checkNeeds } from '../../../functions/local/operate/needed.ts';
import { type OperateFlag, parseOperateOptions } from '../../../functions/local/operate/options.ts';
import { type Question, runPromote } from '../../../functions/local/operate/promote.ts';
import { aReplica } from '../../support/a-failover.ts';
import { aPolicy } from '../../support/a-policy.ts';
import { AWorld } from '../../support/a-world.ts';

const FLAGS: readonly OperateFlag[] = ['replica', 'reason', 'force', 'confirm', 'url', 'json'];

let world: AWorld;
let api: LocalApi;
beforeEach(async () => {
  world = new AWorld([
    aPolicy({
      name: 'readers',
      target: {
        kind: 'aurora-readers',
        cluster: 'shop',
        classes: [],
        zones: [],
        leaving: { connections: 0, drainSeconds: 300 },
      },
    }),
  ]);
  const source = { id: 'shop-w', status: 'failed', healthy: false, engine: 'aurora-mysql' };
  const replicas = [aReplica({ id: 'shop-1', engine: 'aurora-mysql' })];
  world.failover.view = { source, replicas, busy: null, losesLag: false };
  api = await serveLocalApi(world.deps, 0, '1.2.3');
});
afterEach(() => api.close());

async function type(args: readonly string[], answers: Question) {
  const lines: string[] = [];
  const options = parseOperateOptions('promote', FLAGS, [...args, '--url', api.url]);
  checkNeeds('promote', options);
  const code = await runPromote(options, (text) => lines.push(text), answers);
  return { code, lines };
}

const because = ['readers', '--reason', 'the writer is down'];

describe('plimsoll promote', () => {
  it('shows what was looked at, asks, and promotes what it asked about', async () => {
    const questions: string[] = [];
    const yes: Question = async (text) => {
      questions.push(text);
      // Another reader would be the best one by now.
      const { view } = world.failover;
      world.failover.view = {
        ...view,
        replicas: [aReplica({ id: 'a', engine: 'aurora-mysql' }), ...view.replicas],
      };
      return 'y';
    };
    const { code, lines } = await type(because, yes);
    expect(code).toBe(0);
    expect(questions).toEqual(['Promote shop-1? [y/N] ']);
    expect(lines).toContain('ok      shop-w is failed.');
    expect(lines.at(-1)).toBe('AWS accepted to promote shop-1 in the place of shop-w: the writer is down.');
    expect(world.failover.promoted).toEqual(['shop-1']);
  });

  it.each(['', 'n', 'yesterday'])('does nothing when the answer is "%s"', async (answer) => {
    const { code, lines } = await type(because, async () => answer);
    expect({ code, last: lines.at(-1) }).toEqual({ code: 1, last: 'Nothing was done.' });
    expect(world.failover.promoted).toEqual([]);
  });

  it('names the token where nobody can be asked, and takes it', async () => {
    const first = await type(because, null);
    expect(first.code).toBe(1);
    const token = /--confirm (\S+)$/.exec(first.lines.at(-1) ?? '')?.[1] ?? '';
    const second = await type([...because, '--confirm', token], null);
    expect(second).toEqual({
      code: 0,
      lines: ['AWS accepted to promote shop-1 in the place of shop-w: the writer is down.'],
    });
  });

  it('prints the data as JSON, one object a step', async () => {
    const { code, lines } = await type([...because, '--json'], null);
    expect({ code, count: lines.length }).toEqual({ code: 1, count: 1 });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      replica: 'shop-1',
      confirmation: { token: expect.any(String) },
    });
  });

  it('marks what it is forced past', async () => {
    const { view } = world.failover;
    const source = { id: 'shop-w', status: 'available', healthy: true, engine: 'aurora-mysql' };
    world.failover.view = { ...view, source };
    await expect(type(because, null)).rejects.toThrow(/shop-1 is not promoted\. shop-w is available/);
    const { lines } = await type([...because, '--force', '--replica', 'shop-1'], null);
    expect(lines[0]).toMatch(/^FORCED {2}shop-w is available/);
  });

  it('says at once what was forgotten', async () => {
    await expect(type([], null)).rejects.toThrow(
      'promote: the target is missing (name a policy, a resource or a target id); --reason is missing (say why)',
    );
  });
});
