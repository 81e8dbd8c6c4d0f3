import {
  type DBInstance,
  DescribeOrderableDBInstanceOptionsCommand,
  type OrderableDBInstanceOption,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { translateSdkError } from './sdk-errors.ts';

/** Pages of 100 options: one class of one engine version has some tens of them. */
const PAGES = 10;

/**
 * Why an instance cannot have a class: its engine does not offer it in this region, or not in its zone; null = it can.
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeOrderableDBInstanceOptions.html
 * @throws ControllerError as {@link translateSdkError}.
 */
export async function whyNotOffered(
  client: RDSClient,
  { Engine, EngineVersion, AvailabilityZone, MultiAZ }: DBInstance,
  instanceClass: string,
): Promise<string | null> {
  const options = await optionsFor(client, { Engine, EngineVersion, DBInstanceClass: instanceClass });
  const engine = `${Engine} ${EngineVersion}`;
  if (options.length === 0) return `${engine} does not offer it in this region`;
  if (MultiAZ === true && options.every(({ MultiAZCapable }) => MultiAZCapable === false)) {
    return `${engine} does not offer it for Multi-AZ instances`;
  }
  const zones = options.flatMap(({ AvailabilityZones = [] }) => AvailabilityZones.map(({ Name }) => Name));
  const isInZone = AvailabilityZone === undefined || zones.length === 0 || zones.includes(AvailabilityZone);
  return isInZone ? null : `${engine} does not offer it in ${AvailabilityZone}`;
}

interface Wanted {
  readonly Engine: string | undefined;
  readonly EngineVersion: string | undefined;
  readonly DBInstanceClass: string;
}

async function optionsFor(client: RDSClient, wanted: Wanted): Promise<readonly OrderableDBInstanceOption[]> {
  const options: OrderableDBInstanceOption[] = [];
  let marker: string | undefined;
  let pages = 0;
  try {
    do {
      const input = { ...wanted, MaxRecords: 100, Marker: marker };
      const page = await client.send(new DescribeOrderableDBInstanceOptionsCommand(input));
      options.push(...(page.OrderableDBInstanceOptions ?? []));
      marker = page.Marker === '' ? undefined : page.Marker;
      pages += 1;
    } while (marker !== undefined && pages < PAGES);
  } catch (error) {
    throw translateSdkError(error, `ask whether ${wanted.DBInstanceClass} is offered`);
  }
  return options;
}
