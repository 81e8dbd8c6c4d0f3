import type * as route53 from '@aws-sdk/client-route-53';
import { AccountRefusal } from '../../../shared/simulation/account-refusal.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import { fullName, type SimulatedRecord } from '../../../shared/simulation/traffic/simulated-records.ts';
import type { HandlersOf } from '../aws-endpoint/service.ts';

/** Record sets on a page. Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html */
const MAX_ITEMS = 300;
/** Changes in a batch. Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html */
const MAX_CHANGES = 1000;
const MAX_WEIGHT = 255;

/** Route 53 as the simulated account plays it: record sets are listed and changed, in sync at once. */
export function route53Handlers(plant: Plant): HandlersOf<typeof route53> {
  const { records } = plant.databases;
  let changes = 0;
  return {
    ChangeResourceRecordSets: ({ HostedZoneId: zone = '', ChangeBatch }) => {
      const batch = ChangeBatch?.Changes ?? [];
      if (batch.length === 0 || batch.length > MAX_CHANGES) {
        throw new AccountRefusal(
          'InvalidInput',
          `A batch takes 1 to ${MAX_CHANGES} changes, not ${batch.length}.`,
        );
      }
      records.change(zone, batch.map(changeOf));
      changes += 1;
      return {
        ChangeInfo: {
          Id: `/change/C${String(changes).padStart(13, '0')}`,
          Status: 'INSYNC',
          SubmittedAt: new Date(plant.now()),
        },
      };
    },
    ListResourceRecordSets: (input) => {
      const all = records.list(input.HostedZoneId ?? '');
      const from = all.findIndex((record) => isFrom(record, input));
      const size = Math.min(input.MaxItems ?? MAX_ITEMS, MAX_ITEMS);
      const rest = from < 0 ? [] : all.slice(from);
      const next = rest[size];
      return {
        ResourceRecordSets: rest.slice(0, size).map(describe),
        IsTruncated: next !== undefined,
        MaxItems: size,
        ...(next === undefined
          ? {}
          : {
              NextRecordName: next.name,
              NextRecordType: next.type as route53.RRType,
              NextRecordIdentifier: next.setIdentifier ?? undefined,
            }),
      };
    },
  };
}

/** Whether a list that starts where the request says has this record set. */
function isFrom(record: SimulatedRecord, input: route53.ListResourceRecordSetsRequest): boolean {
  const { StartRecordName: name, StartRecordType: type, StartRecordIdentifier: identifier } = input;
  if (name === undefined) return true;
  const [own, wanted] = [reversed(record.name), reversed(fullName(name))];
  if (own !== wanted) return own > wanted;
  if (type === undefined || record.type !== type) return type === undefined || record.type > type;
  return identifier === undefined || (record.setIdentifier ?? '') >= identifier;
}

const reversed = (name: string): string => name.split('.').reverse().join('.');

function changeOf({ Action: action, ResourceRecordSet: set }: route53.Change) {
  if (action === undefined || set?.Name === undefined || set.Type === undefined) {
    throw new AccountRefusal('InvalidInput', 'A change needs an action, a name and a type.');
  }
  const { SetIdentifier: setIdentifier = null, Weight: weight = null, TTL: ttlSeconds = null } = set;
  if ((weight === null) !== (setIdentifier === null)) {
    throw new AccountRefusal('InvalidInput', 'A weighted record set needs both a weight and an identifier.');
  }
  if (weight !== null && (weight < 0 || weight > MAX_WEIGHT)) {
    throw new AccountRefusal('InvalidInput', `A weight is 0 to ${MAX_WEIGHT}, not ${weight}.`);
  }
  const values = (set.ResourceRecords ?? []).flatMap(({ Value }) => Value ?? []);
  const record = { name: fullName(set.Name), type: set.Type, ttlSeconds, setIdentifier, weight, values };
  return { action, record };
}

const describe = (record: SimulatedRecord): route53.ResourceRecordSet => ({
  Name: record.name,
  Type: record.type as route53.RRType,
  ResourceRecords: record.values.map((Value) => ({ Value })),
  ...(record.ttlSeconds === null ? {} : { TTL: record.ttlSeconds }),
  ...(record.setIdentifier === null ? {} : { SetIdentifier: record.setIdentifier }),
  ...(record.weight === null ? {} : { Weight: record.weight }),
});
