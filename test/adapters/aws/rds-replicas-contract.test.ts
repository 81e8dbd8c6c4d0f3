import { RDSClient } from '@aws-sdk/client-rds';
import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { rdsReplicasTarget } from '../../../shared/adapters/aws/rds-replicas-target.ts';
import { capacityTargetContract } from '../../contracts/capacity-target.contract.ts';
import { aReplicasTarget } from '../../support/a-replicas-target.ts';
import { TinyTraffic } from '../../support/a-traffic.ts';
import { TinyRds } from '../../support/an-rds.ts';
import { anAwsAccount } from '../../support/aws-account.ts';

capacityTargetContract('rds-replicas', async () => {
  const rds = new TinyRds();
  rds.source('orders');
  rds.replica('orders-1', 'orders');
  rds.replica('orders-2', 'orders');
  let fault: Error | undefined;
  const { options, calls } = await anAwsAccount([rds.service()], () => fault);
  const client = new RDSClient({ ...options, maxAttempts: 1 });
  return {
    adapter: rdsReplicasTarget({ client, metrics: rds, traffic: new TinyTraffic() }),
    present: aReplicasTarget(),
    size: 2,
    absent: aReplicasTarget({ source: 'lost' }),
    changes: () => calls.filter(({ operation }) => !operation.startsWith('Describe')).length,
    failWith: (name, status = 400) => {
      fault = name === undefined ? undefined : awsError(name, 'as the test wants it', status);
    },
  };
});
