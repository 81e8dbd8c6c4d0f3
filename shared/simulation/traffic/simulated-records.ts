import type { TrafficEndpoint } from '../../core/target.ts';
import { AccountRefusal } from '../account-refusal.ts';

/** A record set of a hosted zone. Names are in lower case and end with a dot. */
export interface SimulatedRecord {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number | null;
  readonly setIdentifier: string | null;
  readonly weight: number | null;
  readonly values: readonly string[];
}

/** One change of a batch. */
export interface RecordChange {
  readonly action: 'CREATE' | 'DELETE' | 'UPSERT';
  readonly record: SimulatedRecord;
}

/** Every unit has the same share. */
const EQUAL_WEIGHT = 100;

/** The hosted zones of the simulated account. */
export class SimulatedRecords {
  readonly #zones = new Map<string, Map<string, SimulatedRecord>>();

  /** Makes a zone, if it is not there. */
  createZone(zoneId: string): void {
    if (!this.#zones.has(zoneId)) this.#zones.set(zoneId, new Map());
  }

  /** Puts a unit into a weighted name. */
  admit(
    { hostedZoneId, recordName, ttlSeconds }: Extract<TrafficEndpoint, { kind: 'route53' }>,
    { unit, host }: { readonly unit: string; readonly host: string },
  ): void {
    const record = {
      ...{ name: fullName(recordName), type: 'CNAME', ttlSeconds },
      ...{ setIdentifier: unit, weight: EQUAL_WEIGHT, values: [host] },
    };
    this.change(hostedZoneId, [{ action: 'UPSERT', record }]);
  }

  /**
   * Record sets in the order of Route 53: by name, type and identifier.
   * @throws AccountRefusal `NoSuchHostedZone`.
   */
  list(zoneId: string): readonly SimulatedRecord[] {
    return [...this.#zone(zoneId)]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, record]) => record);
  }

  /**
   * Carries out all changes, or none of them.
   * @throws AccountRefusal `NoSuchHostedZone` or `InvalidChangeBatch`.
   */
  change(zoneId: string, changes: readonly RecordChange[]): void {
    const next = new Map(this.#zone(zoneId));
    for (const { action, record } of changes) {
      if (action === 'DELETE') remove(next, record);
      else put(next, record, action);
    }
    this.#zones.set(zoneId, next);
  }

  /**
   * Who gets traffic under a name: the values whose weight is more than zero, with their weights; with all weights at zero
   * every one of them, as Route 53 does.
   * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-weighted.html
   */
  weights(zoneId: string, name: string): ReadonlyMap<string, number> {
    const found = [...(this.#zones.get(zoneId)?.values() ?? [])].filter(
      (record) => record.name === fullName(name),
    );
    const weighted = found.flatMap(({ values, weight }) =>
      values.map((value) => [bare(value), weight ?? 1] as const),
    );
    const positive = weighted.filter(([, weight]) => weight > 0);
    return new Map(positive.length > 0 ? positive : weighted.map(([value]) => [value, 1]));
  }

  #zone(zoneId: string): ReadonlyMap<string, SimulatedRecord> {
    const zone = this.#zones.get(zoneId);
    if (zone !== undefined) return zone;
    throw new AccountRefusal('NoSuchHostedZone', `No hosted zone found with ID: ${zoneId}`);
  }
}

/** A name as Route 53 keeps it. */
export const fullName = (name: string): string => `${bare(name)}.`;

const bare = (name: string): string => name.toLowerCase().replace(/\.$/, '');

const keyOf = ({ name, type, setIdentifier }: SimulatedRecord): string =>
  [name.split('.').reverse().join('.'), type, setIdentifier ?? ''].join('\n');

const called = ({ name, type, setIdentifier }: SimulatedRecord): string =>
  `[name='${name}', type='${type}'${setIdentifier === null ? '' : `, set-identifier='${setIdentifier}'`}]`;

const sameValues = (left: SimulatedRecord, right: SimulatedRecord): boolean =>
  left.ttlSeconds === right.ttlSeconds &&
  left.weight === right.weight &&
  left.values.length === right.values.length &&
  left.values.every((value) => right.values.includes(value));

function remove(records: Map<string, SimulatedRecord>, record: SimulatedRecord): void {
  const known = records.get(keyOf(record));
  const failed = `Tried to delete resource record set ${called(record)} but`;
  if (known === undefined) throw invalid(`${failed} it was not found`);
  if (!sameValues(known, record)) {
    throw invalid(`${failed} the values provided do not match the current values`);
  }
  records.delete(keyOf(record));
}

function put(
  records: Map<string, SimulatedRecord>,
  record: SimulatedRecord,
  action: 'CREATE' | 'UPSERT',
): void {
  if (action === 'CREATE' && records.has(keyOf(record))) {
    throw invalid(`Tried to create resource record set ${called(record)} but it already exists`);
  }
  assertMixable(records, record);
  records.set(keyOf(record), record);
}

/** Weighted and simple record sets of one name and type exclude each other. */
function assertMixable(records: ReadonlyMap<string, SimulatedRecord>, record: SimulatedRecord): void {
  for (const { name, type, setIdentifier } of records.values()) {
    const same = name === record.name && type === record.type;
    if (same && (setIdentifier === null) !== (record.setIdentifier === null)) {
      throw invalid(
        `RRSet ${called(record)} cannot be created as other RRSets exist with the same name and type.`,
      );
    }
  }
}

const invalid = (message: string): Error => new AccountRefusal('InvalidChangeBatch', `[${message}]`);
