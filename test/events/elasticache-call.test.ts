import { describe, expect, it } from 'vitest';
import { elastiCacheCall } from '../../events/contracts/elasticache-call.ts';
import { parseOrThrow } from '../../functions/runtime/parse.ts';
import { sample } from './samples.ts';

const parse = (value: unknown) => parseOrThrow(elastiCacheCall, value, 'ElastiCache call');
const call = sample('elasticache-cloudtrail.increase-replica-count');
const detail = call['detail'] as object;

describe('a call that changes a replication group', () => {
  it('is read from the sample', () => {
    expect(parse(call).detail).toEqual({
      eventName: 'IncreaseReplicaCount',
      requestParameters: { replicationGroupId: 'cache' },
    });
  });

  it('says whether it was refused', () => {
    const refused = { ...call, detail: { ...detail, errorCode: 'InvalidReplicationGroupState' } };
    expect(parse(refused).detail.errorCode).toBe('InvalidReplicationGroupState');
  });

  it.each([
    ['another call', { eventName: 'DeleteReplicationGroup' }, 'detail.eventName must be one of'],
    ['a call of no group', { requestParameters: {} }, 'detail.requestParameters.replicationGroupId'],
    ['a call without parameters', { requestParameters: null }, 'detail.requestParameters must be an object'],
  ])('refuses %s', (_what, overrides, message) => {
    expect(() => parse({ ...call, detail: { ...detail, ...overrides } })).toThrow(message);
  });
});
