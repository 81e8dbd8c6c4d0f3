import * as rds from '@aws-sdk/client-rds';
import { awsServices, newPublished } from '../../../../functions/local/aws-services/aws-services.ts';
import type { Secrets } from '../../../../functions/local/aws-services/secrets-manager.ts';
import { createPlant } from '../../../../shared/simulation/plant.ts';
import type { PlantOptions } from '../../../../shared/simulation/plant-views.ts';
import { constantWorkload } from '../../../../shared/simulation/workload.ts';
import { databasePolicies } from '../../../support/database-policies.ts';
import { anEndpoint, clientOf, closing } from '../aws-endpoint/support.ts';
import { later, START } from './an-account.ts';

/** What ARNs of the account begin with. */
export const ARN = 'arn:aws:rds:us-east-1:123456789012';

/** An account with the databases of {@link databasePolicies} behind an endpoint, and a real RDS client. */
export async function aDatabaseAccount(options: Partial<PlantOptions> = {}, secrets: Secrets = {}) {
  const plant = createPlant({
    policies: databasePolicies,
    workload: constantWorkload(500, START, later(7200)),
    seed: 1,
    start: START,
    unitCapacity: 100,
    loadModel: { readsPerLoad: 2, writesPerLoad: 0.2, connectionsPerTask: 20, queriesPerNode: 1000 },
    ...options,
  });
  const config = clientOf(await anEndpoint({ services: awsServices(plant, newPublished(), secrets) }));
  return { plant, config, client: closing(new rds.RDSClient(config)) };
}
