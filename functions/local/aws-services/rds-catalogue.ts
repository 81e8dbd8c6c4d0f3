import type * as rds from '@aws-sdk/client-rds';
import { AccountRefusal } from '../../../shared/simulation/account-refusal.ts';
import { OFFERED_CLASSES } from '../../../shared/simulation/databases/instance-class.ts';
import type { Plant } from '../../../shared/simulation/plant.ts';
import type { HandlersOf } from '../aws-endpoint/service.ts';
import { recordsOf, required } from './rds-arguments.ts';
import { describeSubnetGroup, engineVersion } from './rds-shapes.ts';

/** The part of RDS that says what can be had, and where. */
export function rdsCatalogueHandlers(
  plant: Plant,
): Pick<HandlersOf<typeof rds>, 'DescribeOrderableDBInstanceOptions' | 'DescribeDBSubnetGroups'> {
  const { fleet } = plant.databases;
  return {
    DescribeOrderableDBInstanceOptions: ({ Engine, DBInstanceClass, ...paging }) => {
      const engine = required(Engine, 'Engine');
      const classes = OFFERED_CLASSES.filter((name) => (DBInstanceClass ?? name) === name);
      const page = recordsOf(classes, paging);
      return {
        OrderableDBInstanceOptions: page.items.map((name) => orderable(plant, engine, name)),
        Marker: page.next,
      };
    },
    DescribeDBSubnetGroups: ({ DBSubnetGroupName: name, Filters: _, ...paging }) => {
      const owners = [...fleet.instances.values()].map(
        ({ id, replicaOf, cluster }) => replicaOf ?? cluster ?? id,
      );
      const groups = [...new Set(owners)].map((owner) => describeSubnetGroup(plant, owner));
      const chosen = groups.filter(
        ({ DBSubnetGroupName }) => (name ?? DBSubnetGroupName) === DBSubnetGroupName,
      );
      if (name !== undefined && chosen.length === 0) {
        throw new AccountRefusal('DBSubnetGroupNotFoundFault', `DB subnet group '${name}' does not exist.`);
      }
      const page = recordsOf(chosen, paging);
      return { DBSubnetGroups: [...page.items], Marker: page.next };
    },
  };
}

const orderable = (plant: Plant, engine: string, name: string): rds.OrderableDBInstanceOption => ({
  Engine: engine,
  EngineVersion: engineVersion(engine),
  DBInstanceClass: name,
  AvailabilityZones: plant.databases.zonesOf('').map((Name) => ({ Name })),
  ReadReplicaCapable: true,
  Vpc: true,
});
