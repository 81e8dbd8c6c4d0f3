import { awsError } from '../../../functions/local/aws-endpoint/errors.ts';
import { auroraReadersTarget } from '../../../shared/adapters/aws/aurora-readers-target.ts';
import { rdsInstanceClassTarget } from '../../../shared/adapters/aws/rds-instance-class-target.ts';
import type { AuroraReadersTarget, RdsInstanceClassTarget, Target } from '../../../shared/core/target.ts';
import type { CapacityTarget } from '../../../shared/ports/capacity-target.ts';
import { capacityTargetContract, type TargetWorld } from '../../contracts/capacity-target.contract.ts';
import { FakeRds, instanceReadings } from '../../support/a-cluster.ts';

function worldOf<T extends Target>(
  fake: FakeRds,
  adapter: CapacityTarget<T>,
  of: Pick<TargetWorld<T>, 'present' | 'absent' | 'size'>,
): TargetWorld<T> {
  return {
    ...of,
    adapter,
    changes: () => fake.changes.length,
    failWith(name, status) {
      fake.onCall = () => (name === undefined ? undefined : awsError(name, 'on purpose', status));
    },
  };
}

const readersOf = (cluster: string): AuroraReadersTarget => ({
  kind: 'aurora-readers',
  cluster,
  classes: [],
  zones: [],
  leaving: { connections: 0, drainSeconds: 300 },
});

capacityTargetContract('aurora-readers', async () => {
  const fake = FakeRds.cluster('shop', 2);
  const adapter = auroraReadersTarget({ client: fake.client(), metrics: instanceReadings({}) });
  return worldOf(fake, adapter, { present: readersOf('shop'), absent: readersOf('gone'), size: 2 });
});

const classOf = (instance: string): RdsInstanceClassTarget => ({
  kind: 'rds-instance-class',
  instance,
  ladder: ['db.t4g.medium', 'db.r6g.large', 'db.r6g.xlarge'],
  immediate: true,
});

capacityTargetContract('rds-instance-class', async () => {
  const fake = new FakeRds();
  fake.add('orders');
  fake.orderable = { 'db.r6g.xlarge': [{}] };
  const adapter = rdsInstanceClassTarget(fake.client());
  return worldOf(fake, adapter, { present: classOf('orders'), absent: classOf('gone'), size: 2 });
});
