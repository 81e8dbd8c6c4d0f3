import type * as route53 from '@aws-sdk/client-route-53';
import { beforeEach, describe, expect, it } from 'vitest';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { route53Traffic } from '../../../shared/adapters/aws/traffic/route53-traffic.ts';
import { A_RECORD } from '../../support/a-replicas-target.ts';

const PAGE = 2;
const hostOf = (unit: string): string => `${unit}.abc.eu-central-1.rds.amazonaws.com`;
const units = (...names: readonly string[]) => names.map((unit) => ({ unit, host: hostOf(unit) }));

/** A hosted zone that behaves: sorted, paged, all of a batch or nothing. */
class TinyZone {
  records: route53.ResourceRecordSet[] = [];
  readonly batches: route53.Change[][] = [];
  lists = 0;
  fault: (operation: string) => Error | undefined = () => undefined;

  add(name: string, id: string, weight: number, value = hostOf(id)): void {
    this.records.push({
      Name: `${name}.`,
      Type: 'CNAME',
      SetIdentifier: id,
      Weight: weight,
      TTL: 60,
      ResourceRecords: [{ Value: value }],
    });
  }

  get weights(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.records.map(({ SetIdentifier = '', Weight = -1 }) => [SetIdentifier, Weight]),
    );
  }

  client(): route53.Route53Client {
    const send = async (command: { input: object }): Promise<object> => {
      const operation = command.constructor.name.replace(/Command$/, '');
      const error = this.fault(operation);
      if (error !== undefined) throw error;
      return operation === 'ListResourceRecordSets' ? this.list(command.input) : this.change(command.input);
    };
    return { send } as unknown as route53.Route53Client;
  }

  list(input: Partial<route53.ListResourceRecordSetsRequest>): object {
    this.lists += 1;
    const place = (name = '', id = '') => `${name.replace(/\.$/, '')}|${id}`;
    const sorted = this.records
      .map((record) => ({ record, at: place(record.Name, record.SetIdentifier) }))
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .filter(({ at }) => at >= place(input.StartRecordName, input.StartRecordIdentifier));
    const next = sorted[PAGE]?.record;
    return {
      ResourceRecordSets: structuredClone(sorted.slice(0, PAGE).map(({ record }) => record)),
      IsTruncated: next !== undefined,
      ...(next && {
        NextRecordName: next.Name,
        NextRecordType: next.Type,
        NextRecordIdentifier: next.SetIdentifier,
      }),
    };
  }

  change(input: Partial<route53.ChangeResourceRecordSetsRequest>): object {
    const changes = input.ChangeBatch?.Changes ?? [];
    const before = this.records;
    try {
      for (const { Action, ResourceRecordSet: record } of changes) {
        if (record === undefined) continue;
        if (Action === 'DELETE') this.#remove(record);
        else this.#put({ ...record, Name: `${plain(record.Name)}.` });
      }
    } catch (error) {
      this.records = before;
      throw error;
    }
    this.batches.push(structuredClone(changes));
    return {};
  }

  #remove(record: route53.ResourceRecordSet): void {
    const left = this.records.filter((one) => JSON.stringify(one) !== JSON.stringify(record));
    if (left.length === this.records.length)
      throw awsError('InvalidChangeBatch', '[Tried to delete resource record set but it was not found]');
    this.records = left;
  }

  #put(record: route53.ResourceRecordSet): void {
    const isSame = ({ Name, SetIdentifier }: route53.ResourceRecordSet): boolean =>
      plain(Name) === plain(record.Name) && SetIdentifier === record.SetIdentifier;
    const known = this.records.some(isSame);
    this.records = known
      ? this.records.map((one) => (isSame(one) ? record : one))
      : [...this.records, record];
  }
}

const plain = (name = ''): string => name.replace(/\.$/, '');

let zone: TinyZone;
const traffic = () => route53Traffic(zone.client());

beforeEach(() => {
  zone = new TinyZone();
});

describe('traffic over a Route 53 name', () => {
  it('lets units in with one batch of weighted records', async () => {
    await traffic().admit(A_RECORD, units('orders-1', 'orders-2'));
    expect(zone.batches).toHaveLength(1);
    expect(zone.records[0]).toEqual({
      Name: 'read.orders.test.',
      Type: 'CNAME',
      SetIdentifier: 'orders-1',
      Weight: 100,
      TTL: 60,
      ResourceRecords: [{ Value: hostOf('orders-1') }],
    });
    expect(await traffic().members(A_RECORD, [])).toEqual([
      { unit: 'orders-1', state: 'in-traffic' },
      { unit: 'orders-2', state: 'in-traffic' },
    ]);
  });

  it('reads every page of the name, and no other name', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) zone.add('read.orders.test', id, 100);
    for (const id of ['x', 'y', 'z']) zone.add('write.orders.test', id, 100);
    zone.add('read.early.test', 'early', 100);
    const members = await traffic().members(A_RECORD, []);
    expect(members.map(({ unit }) => unit)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(zone.lists).toBe(3);
  });

  it('takes a unit out by a weight of zero while somebody else is in', async () => {
    await traffic().admit(A_RECORD, units('orders-1', 'orders-2'));
    await traffic().drain(A_RECORD, units('orders-1'));
    expect(zone.weights).toEqual({ 'orders-1': 0, 'orders-2': 100 });
    expect(await traffic().members(A_RECORD, [])).toContainEqual({ unit: 'orders-1', state: 'draining' });
  });

  it('removes records where all would weigh zero, which Route 53 takes for equal shares', async () => {
    await traffic().admit(A_RECORD, units('orders-1', 'orders-2'));
    await traffic().drain(A_RECORD, units('orders-1'));
    await traffic().drain(A_RECORD, units('orders-2'));
    expect(zone.records).toEqual([]);
  });

  it('leaves the records of others alone, and counts on them', async () => {
    zone.add('read.orders.test', 'fallback', 1, hostOf('orders'));
    await traffic().admit(A_RECORD, units('orders-1'));
    expect(await traffic().members(A_RECORD, [])).toEqual([{ unit: 'orders-1', state: 'in-traffic' }]);
    await traffic().drain(A_RECORD, units('orders-1'));
    expect(zone.weights).toEqual({ fallback: 1, 'orders-1': 0 });
    await traffic().forget(A_RECORD, [...units('orders-1'), { unit: 'fallback', host: '' }]);
    expect(zone.weights).toEqual({ fallback: 1 });
  });

  it('leaves a fallback without a weight alone in the name when the last unit goes out', async () => {
    zone.add('read.orders.test', 'fallback', 0, hostOf('orders'));
    await traffic().admit(A_RECORD, units('orders-1', 'orders-2'));
    await traffic().drain(A_RECORD, units('orders-1'));
    await traffic().drain(A_RECORD, units('orders-2'));
    expect(zone.weights).toEqual({ fallback: 0 });
  });

  it('changes nothing for units that are not in', async () => {
    await traffic().drain(A_RECORD, units('orders-1'));
    await traffic().forget(A_RECORD, units('orders-1'));
    expect(zone.batches).toEqual([]);
  });

  it.each([
    ['NoSuchHostedZone', 'No hosted zone found', 404, 'target-missing', false],
    ['PriorRequestNotComplete', 'wait', 400, 'throttled', true],
    ['InvalidChangeBatch', 'RRSet with DNS name x. is not permitted in zone', 400, 'rejected', false],
    [
      'InvalidChangeBatch',
      'but the values provided do not match the current values',
      400,
      'unavailable',
      true,
    ],
    ['AccessDenied', 'no', 403, 'denied', false],
  ] as const)('names %s (%s) for the caller', async (name, message, status, code, retryable) => {
    zone.fault = (operation) =>
      operation.startsWith('Change') ? awsError(name, message, status) : undefined;
    await expect(traffic().admit(A_RECORD, units('orders-1'))).rejects.toMatchObject({ code, retryable });
  });

  it('names an error of the list for the caller', async () => {
    zone.fault = () => awsError('NoSuchHostedZone', 'gone', 404);
    await expect(traffic().members(A_RECORD, [])).rejects.toMatchObject({ code: 'target-missing' });
  });
});
