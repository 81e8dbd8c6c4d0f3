import { AddTagsToResourceCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { ControllerError } from '../../core/controller-error.ts';
import { RESOURCE_TAGS } from '../../core/target.ts';
import type { WarmUnits } from '../../ports/warm-units.ts';
import type { ClientOptions } from './client-options.ts';
import { translateSdkError } from './sdk-errors.ts';

/** Replicas of RDS that wait for their warm-up, through a client of its own. */
export function connectWarmUnits(options: ClientOptions): WarmUnits {
  const client = new RDSClient(options);
  return {
    hostOf: async (unit) => (await instanceOf(client, unit)).Endpoint?.Address ?? null,
    async markWarmed(unit, at) {
      const { DBInstanceArn } = await instanceOf(client, unit);
      const Tags = [{ Key: RESOURCE_TAGS.warmed, Value: new Date(at).toISOString() }];
      await client
        .send(new AddTagsToResourceCommand({ ResourceName: DBInstanceArn, Tags }))
        .catch((error: unknown) => {
          throw translateSdkError(error, `tag the replica ${unit} as warmed`);
        });
    },
  };
}

async function instanceOf(client: RDSClient, unit: string) {
  const { DBInstances } = await client
    .send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: unit }))
    .catch((error: unknown) => {
      throw translateSdkError(error, `look at the replica ${unit}`);
    });
  const [instance] = DBInstances ?? [];
  if (instance !== undefined) return instance;
  throw new ControllerError('target-missing', `There is no database instance ${unit}.`, { retryable: false });
}
