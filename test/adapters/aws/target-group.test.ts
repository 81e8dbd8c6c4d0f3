import { beforeEach, describe, expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { connectTargetGroups } from '../../../shared/adapters/aws/traffic/target-group-control.ts';
import { connectTraffic } from '../../../shared/adapters/aws/traffic/traffic.ts';
import { A_GROUP, TinyLoadBalancer } from '../../support/a-load-balancer.ts';
import { anAwsAccount } from '../../support/aws-account.ts';

const GROUP = { kind: 'target-group', arn: A_GROUP, port: 3306 } as const;
const LOST = { ...GROUP, arn: `${A_GROUP}0` };
const ADDRESSES: Readonly<Record<string, string>> = { 'one.test': '10.0.0.1', 'two.test': '10.0.0.2' };
const ONE = { unit: 'one', host: 'one.test' };
const TWO = { unit: 'two', host: 'two.test' };
const NOWHERE = { unit: 'new', host: 'nowhere.test' };

let balancer: TinyLoadBalancer;
let fault: Error | undefined;

beforeEach(() => {
  balancer = new TinyLoadBalancer();
  fault = undefined;
});

const account = () => anAwsAccount([balancer.service()], () => fault);

const traffic = async () =>
  connectTraffic((await account()).options, async (host) => ADDRESSES[host] ?? null);

describe('traffic over a target group', () => {
  it('registers the addresses of units, and tells its units by them', async () => {
    balancer.targets.set('10.0.0.9:3306', 'healthy');
    balancer.targets.set('10.0.0.2:9999', 'healthy');
    const group = await traffic();
    await group.admit(GROUP, [ONE]);
    expect(balancer.targets.get('10.0.0.1:3306')).toBe('healthy');
    expect(await group.members(GROUP, [ONE, TWO])).toEqual([{ unit: 'one', state: 'in-traffic' }]);
  });

  it('takes units out, and sees them drain', async () => {
    const group = await traffic();
    await group.admit(GROUP, [ONE, TWO]);
    await group.drain(GROUP, [ONE]);
    await group.drain(GROUP, [ONE]);
    expect(await group.members(GROUP, [ONE, TWO])).toEqual([
      { unit: 'one', state: 'draining' },
      { unit: 'two', state: 'in-traffic' },
    ]);
  });

  it('lets nobody in whose address is not known, and forgets who has none', async () => {
    const group = await traffic();
    await expect(group.admit(GROUP, [ONE, NOWHERE])).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: 'could not find the address of nowhere.test',
    });
    expect(balancer.targets.size).toBe(0);
    await group.forget(GROUP, [NOWHERE, { unit: 'gone', host: '' }]);
    expect(await group.members(GROUP, [NOWHERE])).toEqual([]);
  });

  it('asks DNS for addresses where it is not told otherwise', async () => {
    const group = connectTraffic((await account()).options);
    await group.admit(GROUP, [{ unit: 'here', host: 'localhost' }]);
    expect([...balancer.targets.keys()]).toEqual(['127.0.0.1:3306']);
  });

  it('takes a target that is not registered for one that is out', async () => {
    const group = await traffic();
    fault = awsError('InvalidTarget', 'The following targets are not registered');
    await group.drain(GROUP, [ONE]);
  });

  it('says of a group that is not there that it is missing', async () => {
    const group = await traffic();
    const missing = { code: 'target-missing', retryable: false };
    await expect(group.members(LOST, [ONE])).rejects.toMatchObject(missing);
    await expect(group.admit(LOST, [ONE])).rejects.toMatchObject(missing);
    await expect(group.drain(LOST, [ONE])).rejects.toMatchObject(missing);
  });
});

describe('steering a target group', () => {
  const control = async () => connectTargetGroups((await account()).options);
  const at = (id: string, port: number | null = 3306) => ({ id, port });

  it('registers, and deregisters with the time that targets have to finish', async () => {
    const group = await control();
    await group.register(A_GROUP, [at('10.0.0.1', null), at('10.0.0.2', 5432)]);
    expect([...balancer.targets.keys()]).toEqual(['10.0.0.1:3306', '10.0.0.2:5432']);
    await group.deregister(A_GROUP, [at('10.0.0.2', 5432)], 30);
    expect(balancer.attributes.get('deregistration_delay.timeout_seconds')).toBe('30');
    await group.deregister(A_GROUP, [at('10.0.0.1')], null);
    expect(await group.health(A_GROUP)).toEqual([
      { ...at('10.0.0.1'), state: 'draining', reason: 'as the test wants it' },
      { ...at('10.0.0.2', 5432), state: 'draining', reason: 'as the test wants it' },
    ]);
  });

  it('takes everybody out for maintenance and brings back those who were in, many and of any kind', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `10.0.0.${index}:3306`);
    for (const name of [...names, '2001:db8::7:3306']) balancer.targets.set(name, 'healthy');
    balancer.targets.set('10.9.9.9:3306', 'draining');
    const group = await control();
    expect((await group.maintenanceOn(A_GROUP)).targets).toHaveLength(41);
    expect(Math.max(...[...balancer.tags.values()].map(({ length }) => length))).toBeLessThanOrEqual(256);
    expect([...balancer.targets.values()]).not.toContain('healthy');
    expect((await group.maintenanceOn(A_GROUP)).targets).toEqual([]);
    expect((await group.maintenanceOff(A_GROUP)).targets).toHaveLength(41);
    expect([...balancer.targets].filter(([, state]) => state !== 'healthy')).toEqual([
      ['10.9.9.9:3306', 'draining'],
    ]);
    expect(balancer.tags.size).toBe(0);
    expect((await group.maintenanceOff(A_GROUP)).targets).toEqual([]);
  });

  it('brings back those of both times when maintenance began twice', async () => {
    const group = await control();
    await group.register(A_GROUP, [at('10.0.0.1')]);
    await group.maintenanceOn(A_GROUP);
    await group.register(A_GROUP, [at('10.0.0.2')]);
    await group.maintenanceOn(A_GROUP);
    expect((await group.maintenanceOff(A_GROUP)).targets).toEqual([at('10.0.0.1'), at('10.0.0.2')]);
  });

  it('refuses maintenance of more than it can remember, before it takes anybody out', async () => {
    for (let index = 0; index < 400; index += 1) balancer.targets.set(`10.0.${index}.1:3306`, 'healthy');
    const group = await control();
    await expect(group.maintenanceOn(A_GROUP)).rejects.toMatchObject({ code: 'rejected' });
    expect([...balancer.targets.values()]).not.toContain('draining');
  });

  it('sets how a target is picked, and names errors for the caller', async () => {
    const group = await control();
    await group.algorithm(A_GROUP, 'least_outstanding_requests');
    expect(balancer.attributes.get('load_balancing.algorithm.type')).toBe('least_outstanding_requests');
    await expect(group.health(LOST.arn)).rejects.toMatchObject({ code: 'target-missing' });
    fault = awsError('AccessDenied', 'no', 403);
    await expect(group.algorithm(A_GROUP, 'round_robin')).rejects.toMatchObject({ code: 'denied' });
  });
});
