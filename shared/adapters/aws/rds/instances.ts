import {
  type DBInstance,
  DescribeDBInstancesCommand,
  type DescribeDBInstancesMessage,
  type RDSClient,
  type Tag,
} from '@aws-sdk/client-rds';
import { translateSdkError } from '../sdk-errors.ts';

/** DescribeDBInstances answers 20 to 100 instances a page. */
const INSTANCES_A_PAGE = 100;

/**
 * Every instance of the region, page by page. An account has 40 by its first quota, so one listing is cheaper than asking for
 * each source and its replicas, and it sees a new replica before its source names it.
 * @throws ControllerError when a page could not be had: half a list would pass for replicas that are gone.
 */
export async function listInstances(client: RDSClient, what: string): Promise<readonly DBInstance[]> {
  const instances: DBInstance[] = [];
  let marker: string | undefined;
  do {
    const page = await describe(client, { MaxRecords: INSTANCES_A_PAGE, Marker: marker }, what);
    instances.push(...(page.DBInstances ?? []));
    marker = page.Marker === '' ? undefined : page.Marker;
  } while (marker !== undefined);
  return instances;
}

/** One instance as it is now, or undefined when it is gone. */
export async function freshInstance(client: RDSClient, id: string): Promise<DBInstance | undefined> {
  try {
    const page = await describe(client, { DBInstanceIdentifier: id }, `describe the instance ${id}`);
    return page.DBInstances?.[0];
  } catch (error) {
    const known = translateSdkError(error, `describe the instance ${id}`);
    if (known.code === 'target-missing') return undefined;
    throw known;
  }
}

const describe = (client: RDSClient, input: DescribeDBInstancesMessage, what: string) =>
  client.send(new DescribeDBInstancesCommand(input)).catch((error: unknown) => {
    throw translateSdkError(error, what);
  });

/** Tags as RDS takes them. */
export const tags = (values: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(values).map(([Key, Value]) => ({ Key, Value }));

/** The name of an RDS error, with or without the ending that the SDK's classes have and the wire has not. */
export const faultName = (error: unknown): string =>
  (error instanceof Error ? error.name : '').replace(/(Fault|Exception)$/, '');
