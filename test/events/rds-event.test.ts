import { describe, expect, it } from 'vitest';
import { rdsEvent } from '../../events/contracts/rds-event.ts';
import { parseOrThrow } from '../../functions/runtime/parse.ts';
import { sample, samplesOf } from './samples.ts';

const parse = (value: unknown) => parseOrThrow(rdsEvent, value, 'RDS event');
const created = sample('rds-db-instance-event.created');
const withSource = (SourceArn: unknown) => ({ ...created, detail: { SourceArn } });

describe('something that happened to a database', () => {
  it.each(samplesOf('rds-db-instance-event'))('is read from the sample %s', (name) => {
    expect(parse(sample(name)).database).toEqual({ kind: 'instance', id: 'orders-plimsoll-1a2b3c4d-1' });
  });

  it('is read of a cluster', () => {
    const { database, detail } = parse(sample('rds-db-cluster-event.failover-completed'));
    expect(database).toEqual({ kind: 'cluster', id: 'ledger' });
    expect(detail).toMatchObject({ EventID: 'RDS-EVENT-0071' });
  });

  it('goes by the ARN, in any partition and any case', () => {
    expect(parse(withSource('arn:aws-cn:rds:cn-north-1:123456789012:db:Orders')).database.id).toBe('orders');
  });

  it.each([
    ['a snapshot', 'arn:aws:rds:eu-central-1:123456789012:snapshot:orders'],
    ['a name alone', 'rds:orders'],
  ])('refuses %s', (_what, arn) => {
    expect(() => parse(withSource(arn))).toThrow(
      'RDS event: detail.SourceArn must be the ARN of an instance or a cluster, arn:aws:rds:REGION:ACCOUNT:db:NAME, not "',
    );
  });

  it('refuses an event of another kind', () => {
    expect(() => parse({ ...created, 'detail-type': 'RDS DB Snapshot Event' })).toThrow(
      'detail-type must be "RDS DB Instance Event" or "RDS DB Cluster Event", not "RDS DB Snapshot Event"',
    );
  });
});
