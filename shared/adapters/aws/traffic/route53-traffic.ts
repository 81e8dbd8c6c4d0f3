import {
  type Change,
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import { ControllerError } from '../../../core/controller-error.ts';
import type { TrafficEndpoint } from '../../../core/target.ts';
import type { UnitAddress } from '../../../ports/traffic.ts';
import { translateSdkError } from '../sdk-errors.ts';
import type { TrafficOf } from './traffic.ts';

type Records = Extract<TrafficEndpoint, { kind: 'route53' }>;

/** Every unit in traffic gets the same share. */
const WEIGHT = 100;

/**
 * One weighted CNAME record for each unit, under one name: the set identifier is the unit's id, and the value its host, whose first
 * label is that id. Records of the name that are not so, a fallback for instance, belong to somebody else and are left alone.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html
 */
export function route53Traffic(client: Route53Client): TrafficOf<'route53'> {
  return {
    members: async (endpoint) =>
      (await recordsOf(client, endpoint)).filter(isUnit).map(({ SetIdentifier: unit = '', Weight }) => ({
        unit,
        state: (Weight ?? 0) > 0 ? 'in-traffic' : 'draining',
      })),
    admit: (endpoint, units) =>
      change(
        client,
        endpoint,
        units.map((unit) => upsert(endpoint, unit, WEIGHT)),
      ),
    drain: async (endpoint, units) =>
      change(client, endpoint, drainOf(await recordsOf(client, endpoint), units)),
    forget: async (endpoint, units) => {
      const gone = new Set(units.map(({ unit }) => unit));
      const records = (await recordsOf(client, endpoint)).filter(
        (record) => isUnit(record) && gone.has(record.SetIdentifier ?? ''),
      );
      await change(client, endpoint, records.map(remove));
    },
  };
}

/**
 * "If you set Weight to zero for all of the records in the group, traffic is routed to all resources with equal probability": so
 * where nobody with a weight is left, the records of the units are removed instead. Then the name has no answer, or that of a
 * fallback with a weight of zero that somebody else keeps there.
 */
function drainOf(records: readonly ResourceRecordSet[], units: readonly UnitAddress[]): readonly Change[] {
  const leaving = new Set(units.map(({ unit }) => unit));
  const theirs = records.filter((record) => isUnit(record) && leaving.has(record.SetIdentifier ?? ''));
  const others = records.filter((record) => !theirs.includes(record));
  if (others.some(({ Weight }) => (Weight ?? 0) > 0))
    return theirs
      .filter(({ Weight }) => Weight !== 0)
      .map((record) => ({ Action: 'UPSERT', ResourceRecordSet: { ...record, Weight: 0 } }));
  // Of our own also those that had no weight before.
  return records.filter((record) => theirs.includes(record) || isIdle(record)).map(remove);
}

const isIdle = (record: ResourceRecordSet): boolean => isUnit(record) && record.Weight === 0;

const isUnit = ({ SetIdentifier: id, Weight, ResourceRecords: [value] = [] }: ResourceRecordSet): boolean =>
  id !== undefined && Weight !== undefined && value?.Value?.startsWith(`${id}.`) === true;

const upsert = (
  { recordName, ttlSeconds }: Records,
  { unit, host }: UnitAddress,
  Weight: number,
): Change => ({
  Action: 'UPSERT',
  ResourceRecordSet: {
    Name: recordName,
    Type: 'CNAME',
    SetIdentifier: unit,
    Weight,
    TTL: ttlSeconds,
    ResourceRecords: [{ Value: host }],
  },
});

const remove = (record: ResourceRecordSet): Change => ({ Action: 'DELETE', ResourceRecordSet: record });

/** The CNAME records of the name: the list starts with them, and goes on to other names. */
async function recordsOf(
  client: Route53Client,
  { hostedZoneId, recordName }: Records,
): Promise<readonly ResourceRecordSet[]> {
  const found: ResourceRecordSet[] = [];
  let from: Partial<ListResourceRecordSetsCommandOutput> = {
    NextRecordName: recordName,
    NextRecordType: 'CNAME',
  };
  do {
    const page: ListResourceRecordSetsCommandOutput = await client
      .send(
        new ListResourceRecordSetsCommand({
          HostedZoneId: hostedZoneId,
          StartRecordName: from.NextRecordName,
          StartRecordType: from.NextRecordType,
          StartRecordIdentifier: from.NextRecordIdentifier,
        }),
      )
      .catch((error: unknown) => {
        throw translateSdkError(error, `list the records of ${recordName}`);
      });
    found.push(...(page.ResourceRecordSets ?? []).filter((record) => isOf(record, recordName)));
    from = page.IsTruncated === true ? page : {};
  } while (from.NextRecordName !== undefined && sameName(from.NextRecordName, recordName));
  return found;
}

const isOf = ({ Name = '', Type }: ResourceRecordSet, recordName: string): boolean =>
  Type === 'CNAME' && sameName(Name, recordName);

const sameName = (a: string, b: string): boolean => plain(a) === plain(b);

const plain = (name: string): string => name.replace(/\.$/, '').toLowerCase();

/** One batch: Route 53 does all of it or nothing. */
async function change(client: Route53Client, endpoint: Records, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const { hostedZoneId: HostedZoneId, recordName } = endpoint;
  try {
    await client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes: [...changes] } }),
    );
  } catch (error) {
    throw refusalOf(error, `change the records of ${recordName}`);
  }
}

/** A record that is not as it was a moment ago has been changed by somebody else: another look settles it. */
function refusalOf(error: unknown, what: string): ControllerError {
  const known = translateSdkError(error, what);
  const isRace = /not found|do(es)? not match|already exists/i.test(known.message);
  return known.code === 'rejected' && isRace
    ? new ControllerError('unavailable', known.message, { retryable: true, cause: error })
    : known;
}
