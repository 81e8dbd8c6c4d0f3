import {
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type Filter,
  type RDSClient,
  type Tag,
} from '@aws-sdk/client-rds';

/** Pages of one look: MaxRecords is 100, and a look names at most a few clusters of at most 16 instances. */
const PAGES = 50;
const RECORDS_A_PAGE = 100;

interface Page<T> {
  readonly items: readonly T[];
  readonly marker: string | undefined;
}

async function pagesOf<T>(ask: (marker: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let marker: string | undefined;
  let pages = 0;
  do {
    const page = await ask(marker);
    items.push(...page.items);
    marker = page.marker === '' ? undefined : page.marker;
    pages += 1;
  } while (marker !== undefined && pages < PAGES);
  return items;
}

/**
 * Instances by a filter, all pages of them. A filter that fits nothing answers with an empty list, where an identifier would
 * answer with DBInstanceNotFound. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html
 */
export const instancesBy = (
  client: RDSClient,
  filter: 'db-instance-id' | 'db-cluster-id',
  values: readonly string[],
): Promise<readonly DBInstance[]> =>
  pagesOf(async (Marker) => {
    const input = { Filters: filtersOf(filter, values), MaxRecords: RECORDS_A_PAGE, Marker };
    const answer = await client.send(new DescribeDBInstancesCommand(input));
    return { items: answer.DBInstances ?? [], marker: answer.Marker };
  });

/** Clusters by their identifiers, all pages of them; one that does not exist is absent from the answer. */
export const clustersBy = (
  client: RDSClient,
  identifiers: readonly string[],
): Promise<readonly DBCluster[]> =>
  pagesOf(async (Marker) => {
    const input = { Filters: filtersOf('db-cluster-id', identifiers), MaxRecords: RECORDS_A_PAGE, Marker };
    const answer = await client.send(new DescribeDBClustersCommand(input));
    return { items: answer.DBClusters ?? [], marker: answer.Marker };
  });

const filtersOf = (Name: string, values: readonly string[]): Filter[] => [{ Name, Values: [...values] }];

/** The value of a tag; undefined = it has none. */
export const tagOf = (
  { TagList = [] }: { readonly TagList?: Tag[] | undefined },
  key: string,
): string | undefined => TagList.find(({ Key }) => Key === key)?.Value;

/**
 * States in which an instance answers queries.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
 */
const SERVING = new Set([
  'available',
  'backing-up',
  'configuring-activity-stream',
  'configuring-enhanced-monitoring',
  'configuring-iam-database-auth',
  'configuring-log-exports',
  'resetting-master-credentials',
  'storage-config-upgrade',
  'storage-initialization',
  'storage-optimization',
]);

/** States of an instance that is not there yet. */
const ARRIVING = new Set(['creating', 'starting']);

/** States that pass by themselves, in which an instance runs but may not answer. */
const IN_TRANSIT = new Set([
  'converting-to-vpc',
  'maintenance',
  'modifying',
  'moving-to-vpc',
  'rebooting',
  'renaming',
  'upgrading',
]);

/** What the state of an instance means: whether it answers, comes, goes, or is none of these. */
export type Standing = 'serving' | 'arriving' | 'in-transit' | 'deleting' | 'failed';

/** Reads the state of an instance. An unknown state counts as failed: it is no unit, and it is not waited for. */
export function standingOf(status: string | undefined): Standing {
  if (status === undefined) return 'failed';
  if (SERVING.has(status)) return 'serving';
  if (ARRIVING.has(status)) return 'arriving';
  if (IN_TRANSIT.has(status)) return 'in-transit';
  return status === 'deleting' || status === 'delete-precheck' ? 'deleting' : 'failed';
}

/** Whether an instance in this state never comes up again by itself: all that can be done is to delete it. */
export const isBroken = (status: string): boolean =>
  /^(failed|incompatible-.*|insufficient-capacity|restore-error)$/.test(status);

/** RDS stores identifiers in lower case, whatever they were written in. */
export const sameIdentifier = (one: string | undefined, other: string): boolean =>
  one?.toLowerCase() === other.toLowerCase();
