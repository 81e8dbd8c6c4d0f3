import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { capacityTargetContract } from '../../contracts/capacity-target.contract.ts';
import { aTaskSize, aTaskSizeAccount } from '../../support/a-task-size.ts';

capacityTargetContract('ecs-task-size', async () => {
  let fault: Error | undefined;
  const { adapter, changes } = await aTaskSizeAccount(() => fault);
  return {
    adapter,
    present: aTaskSize(),
    size: 1,
    absent: aTaskSize({ service: 'lost' }),
    changes: () => changes().length,
    failWith: (name, status = 400) => {
      fault = name === undefined ? undefined : awsError(name, 'as the test wants it', status);
    },
  };
});
